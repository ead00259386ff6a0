"""The whole database into a folder and back."""
