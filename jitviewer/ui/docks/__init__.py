"""The docks around the document: tree, passes, rewrites, run, inspector. They show the document in front."""
