"""The answer library on the desk: whether an answer may be given today, finding one, putting it into a reply."""
