"""What each dock is for: a line that stands in its title, and the help behind the question mark."""

from __future__ import annotations

TAGLINES: dict[str, str] = {
    "treeDock": "What the file holds",
    "passesDock": "Rewrite the graph, from top to bottom",
    "stepsDock": "Every single change of the passes",
    "runDock": "Run what is shown, see where time goes",
    "inspectorDock": "What is known of the selection",
}

HELP: dict[str, str] = {
    "treeDock": (
        "Modules with their methods, parameters and buffers, and the raw records of the file. Double- "
        "click a method to show it in the texts and on the canvas, or a record to read it. Sizes are "
        "summed up per module. A chosen module is outlined on the canvas, and Alt+Left goes back to the "
        "method that was shown before. Typing into the field keeps what matches by name, path or type."
    ),
    "passesDock": (
        "Switch a pass on to rewrite the shown method at once; the canvas and the graph mark what "
        "changed. Passes run from top to bottom: drag one, or press Alt+Up and Alt+Down, to change "
        "the order. Dimmed passes are on but found nothing to do. Choose a pass to see what it did, "
        "and compare the text before and after it. Presets are pipelines with a name; Ctrl+Z takes a "
        "change back."
    ),
    "stepsDock": (
        "The rewrites that the passes made, one by one, with the rule that fired and why. Click one "
        "to see the graph right after it, with the nodes that took part selected. The slider below "
        "the canvas and Alt+comma, Alt+period walk through the same list."
    ),
    "runDock": (
        "Inputs that fit are proposed from what the graph does with them; change a shape, a seed, or "
        "read a .npy, a .pt or a picture. F5 runs and cancels. Afterwards the time of every node "
        "stands in the table, in the texts and on the canvas. Run again with other passes or inputs "
        "to compare the runs as columns. Value shows what flowed through the selected node in the "
        "last run."
    ),
    "inspectorDock": (
        "Facts on the selected node, frame, or line of the tree: schema, inputs and outputs, place in "
        "the source, and the times of the last run. Select a node on the canvas, a line of a text, or "
        "a line of the tree. Everything here can be selected and copied."
    ),
}
