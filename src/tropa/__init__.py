"""Tropa: the desk for organisations that help people who refuse to fight a war reach safety by lawful ways."""
