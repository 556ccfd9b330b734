"""Invented names: any likeness to a person is chance."""

from __future__ import annotations

import re
import unicodedata

_FIRST = (
    "Aaliyah Abel Adinda Ahmet Aïcha Alejandra Amrita Anneke Arjen Ayşe Bart Bente Bilal Carmen Chantal Chidi "
    "Cor Daan Daniëlle Dewi Dilara Douwe Edwin Eelco Elif Emeka Esra Fadi Farah Femke Floor Francesca Gerda "
    "Gijs Giulia Hanneke Hassan Hiro Ilse Imane Ingrid Iwan Jaap Jamila Jasmijn Jelle Jeroen Joao Jolanda "
    "Kamal Karima Katarzyna Kees Khadija Lars Latifa Leila Lieke Lin Lotte Maarten Malika Marek Margriet "
    "Mehmet Mei Meryem Miguel Mirjam Mohamed Naomi Nienke Noor Olga Omar Paul Petra Priya Quinten Rachid Ravi "
    "Renske Roos Ruben Saïd Samira Sander Sanne Sefa Shanti Siham Sjoerd Stefan Sunita Tariq Teun Thijs "
    "Tjitske Umut Vera Wendy Willem Wouter Xander Yara Yusuf Zeynep Zoë"
)
_LAST = (
    "Aalbers, Abdi, Achterberg, Aksoy, Asante, Baarsma, el Bakkali, Balk, Bhagwandin, van den Boomgaard, "
    "Boukhari, Brandsma, Cheung, Coumans, Dekkinga, Demirci, Diallo, van Dorp, Duindam, Eikelboom, Engelsman, "
    "Erdem, Fonseca, Faassen, Geurtsen, Goedhart, Groenewold, Haddou, Hakvoort, ter Haar, Hoekema, Hollander, "
    "Ibrahimi, IJzerman, Jonkman, Kalkan, Kamphuis, Karsten, Kowalczyk, Kruithof, Lamrani, van der Leeuw, "
    "Lindeboom, Lobato, Maasland, Mahabier, Mertens, Mulderij, Nanhekhan, Nieuwland, Nowak, Oosterling, "
    "Okafor, Ouali, Özkan, Palsma, Pereira, Pinas, van de Pol, Quist, Rademaker, Ramdin, Riemersma, Roorda, "
    "Saadi, Santos, Schaapman, Slagter, Soekarno, Steenwijk, Tahiri, Tan, Terpstra, Tielman, Uitenbroek, Ünal, "
    "Veldhoen, Verduin, Vreugdenhil, Wagenaar, Wassink, Wibowo, van Wijngaard, Wouda, Yildirim, Zandvliet, "
    "Zeeman, Zwaagstra"
)
FIRST, LAST = tuple(_FIRST.split()), tuple(_LAST.split(", "))


def plain(name: str) -> str:
    """A name as it stands in an e-mail address.

    >>> plain("Zoë van de Pol")
    'zoe.van.de.pol'
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", ".", letters).strip(".")
