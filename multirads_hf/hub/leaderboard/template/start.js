read();
window.addEventListener("hashchange", () => { read(); draw(); });
part("close").addEventListener("click", () => {
  const id = state.run;
  delete state.run;
  keep();
  about(false);
  const opener = document.querySelector(`tr[data-run="${CSS.escape(id)}"] button`);
  if (opener) opener.focus();
});
part("board").hidden = false;
draw();
update().catch(() => status(source.private
  ? "Its runs are private, so those published since are missing."
  : "The Hub could not be reached, so runs published since are missing."))
  .finally(() => { document.documentElement.dataset.read = "done"; });
