"""What faces Hugging Face: dataset builder, Parquet folder, card, metric, publishing."""
