"""How far each relation has come, the pyramid that the stages form, and how it grows."""
