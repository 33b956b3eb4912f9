"""What runs came to: tables for the terminal, one page for the browser."""
