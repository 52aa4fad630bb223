"""Run the batch function over many batches: on this machine, or by an engine on many."""
