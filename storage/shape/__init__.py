"""What the database looks like: collections, records, validators, views, migrations."""
