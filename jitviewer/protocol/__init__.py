"""Messages between the processes of jitviewer, and how they are framed on a pipe."""
