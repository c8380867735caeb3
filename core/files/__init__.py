"""What is written to files and read back: sessions, tables, each file whole or not at all."""
