"""A Space that shows the leaderboard of a results repository: ranked here, drawn in the browser or by gradio."""
