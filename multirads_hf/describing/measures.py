"""Every measure by name: what it is and which way is better. Table, page and card read it from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower", ""]
MISSING = "–"
# Differences of shares, shown in points with their sign.
GAIN = "_gain"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a description.

    Attributes:
        key: its name in JSON and Parquet.
        title: its name for people.
        about: what it is.
        better: which way is better; empty where neither is.
        share: whether it is a share, shown in per cent.
    """

    key: str
    title: str
    about: str
    better: Better = ""
    share: bool = False

    def text(self, value: float | None) -> str:
        """Return a value for people to read."""
        if value is None:
            return MISSING
        if self.key.endswith(GAIN):
            return f"{100 * value:+.1f}"
        if self.share:
            return f"{100 * value:.1f}%"
        return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"


MEASURES = (
    Measure("reports", "Reports", "number of reports"),
    Measure("characters_mean", "Characters", "mean number of characters in a report"),
    Measure("characters_q25", "Characters, 25%", "lower quartile"),
    Measure("characters_median", "Characters, 50%", "median"),
    Measure("characters_q75", "Characters, 75%", "upper quartile"),
    Measure("words_mean", "Words", "mean number of words in a report"),
    Measure("words_q25", "Words, 25%", "lower quartile"),
    Measure("words_median", "Words, 50%", "median"),
    Measure("words_q75", "Words, 75%", "upper quartile"),
    Measure("vocabulary", "Vocabulary", "distinct words and numbers"),
    Measure("distinct_1", "Distinct 1-grams", "share of words that are distinct; falls with size", "higher", True),
    Measure("distinct_2", "Distinct 2-grams", "the same of runs of two words", "higher", True),
    Measure("distinct_3", "Distinct 3-grams", "the same of runs of three words", "higher", True),
    Measure("distinct_4", "Distinct 4-grams", "the same of runs of four words", "higher", True),
    Measure("compression_ratio", "Compression", "bytes over zlib-compressed bytes", "lower"),
    Measure("self_bleu", "Self-BLEU", "mean BLEU-4 of each of 100 reports against the other 99, 0 to 1", "lower"),
    Measure("sentences", "Sentences", "sentences of findings and impression longer than 12 letters"),
    Measure("distinct_sentences", "Distinct sentences", "of these, distinct with numbers masked", "higher", True),
    Measure("top_sentence_share", "Top sentence", "reports with the most frequent sentence", "lower", True),
    Measure("exact_duplicates", "Duplicates", "reports with the text of an earlier one", "lower", True),
    Measure(
        "near_duplicates", "Near-duplicates", "reports with another of Jaccard 0.8 or more of 5-grams", "lower", True
    ),
    Measure("near_duplicate_pairs", "Near-duplicate pairs", "pairs of such reports", "lower"),
    Measure("pairs_across_splits", "Pairs across splits", "of these, with one report in each of two splits", "lower"),
    Measure("leaks", "Leaks", "withheld reports that print a category of their document", "lower"),
    Measure("leak_share", "Leaks, share", "their share of the withheld reports", "lower", True),
    Measure("majority_accuracy", "Majority", "share of the most frequent category", "", True),
    Measure("profile_accuracy", "From the writer", "category told from the writer alone", "lower", True),
    Measure("profile_gain", "Writer, gain", "that less the majority", "lower", True),
    Measure("length_accuracy", "From the length", "category told from the length alone", "lower", True),
    Measure("length_gain", "Length, gain", "that less the majority", "lower", True),
    Measure("words_accuracy", "From words", "category told by words learnt from other scenarios", "lower", True),
    Measure("words_gain", "Words, gain", "that less the majority", "lower", True),
    Measure("sufficiency", "Sufficiency", "reports whose facts give their label by the rule", "higher", True),
    Measure("facts_confirmed", "Facts said", "facts whose place in the text says their value", "higher", True),
    Measure("nearest_median", "Nearest, 50%", "Jaccard of 5-grams to the nearest reference text, median", "lower"),
    Measure("nearest_q90", "Nearest, 90%", "the same, 90th percentile", "lower"),
    Measure("nearest_q99", "Nearest, 99%", "the same, 99th percentile", "lower"),
    Measure("nearest_max", "Nearest, most", "the same, largest", "lower"),
    Measure("nearest_copies", "Copies", "reports of Jaccard 0.8 or more to a reference", "lower", True),
    Measure("nearest_exact", "Exact copies", "reports that are a reference text", "lower"),
    Measure("reference_median", "Reference, 50%", "each reference to the nearest other reference, median"),
    Measure("reference_q90", "Reference, 90%", "the same, 90th percentile"),
    Measure("reference_q99", "Reference, 99%", "the same, 99th percentile"),
    Measure("reference_max", "Reference, most", "the same, largest"),
    Measure("reference_copies", "Reference, copies", "references of Jaccard 0.8 or more to another", "", True),
    Measure("reference_exact", "Reference, exact", "references that are an earlier reference"),
)
BY_KEY = {measure.key: measure for measure in MEASURES}
