"""The scripted server of layer C, and the parts of its play."""
