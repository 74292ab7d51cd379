"""How Django writes dates where look.dates does not: shorter in English, no 02月 in Chinese."""
