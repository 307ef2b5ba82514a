"""Files of tensors without a program: what torch.save writes of a state_dict, and safetensors."""

from jitcore.archive.tensor_files.opening import open_archive_or_tensors
from jitcore.archive.tensor_files.saved_note import SavedNote
from jitcore.archive.tensor_files.tensor_file import Entry, TensorFile

__all__ = ["Entry", "SavedNote", "TensorFile", "open_archive_or_tensors"]
