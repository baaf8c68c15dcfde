"""Vocabulary of seed data: sentences and tags in several languages, and cities of followers.

The sentences are made up for this project, because captions should read like captions; the names of
people come from a library, see `people`.
"""

from __future__ import annotations

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CITIES", "COUNTRY_CODES", "EMOJI", "LANGUAGES", "Language"]


@dataclasses.dataclass(frozen=True, slots=True)
class Language:
    """Texts of one language.

    Attributes:
        locale: The locale of its speakers' names, see `people`.
        countries: ISO codes of the countries of followers, home first.
        currency: ISO 4217 code of home.
        sentences: Sentences for captions, titles and descriptions.
        comments: Comments of followers.
        tags: Hashtags without the sign.
    """

    locale: str
    countries: tuple[str, ...]
    currency: str
    sentences: tuple[str, ...]
    comments: tuple[str, ...]
    tags: tuple[str, ...]


LANGUAGES: typing.Final[Mapping[str, Language]] = {
    "en": Language(
        locale="en_US",
        countries=("US", "GB", "CA", "AU", "IE", "NZ"),
        currency="USD",
        sentences=(
            "Three ingredients, one pan, ten minutes.",
            "We walked until the map ran out.",
            "Nobody tells you how quiet a studio is at five in the morning.",
            "This is the shelf I built twice.",
            "Small wins count double on Mondays.",
            "I tried the routine for thirty days so you don't have to.",
            "The light only does this for four minutes a year.",
            "Ask me anything about sourdough, I have failed at all of it.",
            "Behind the scenes of the clip everybody asked about.",
            "Rain on the tent, coffee on the stove.",
        ),
        comments=(
            "Needed this today, thank you!",
            "What lens is that?",
            "First! 🎉",
            "I tried it and my kitchen survived.",
            "Part two when?",
            "The ending got me 😂",
            "Could you share the recipe?",
            "underrated channel",
        ),
        tags=("slowliving", "homemade", "behindthescenes", "weekendproject", "smallbusiness", "goldenhour"),
    ),
    "es": Language(
        locale="es_ES",
        countries=("ES", "MX", "AR", "CO", "CL", "PE"),
        currency="EUR",
        sentences=(
            "Hoy toca cocinar con lo que hay en la nevera.",
            "¿Quién dijo que los lunes no se baila?",
            "Un año de trabajo en sesenta segundos.",
            "El mercado a las siete de la mañana es otro mundo.",
            "Probé el truco de la abuela y funciona.",
            "Nos perdimos y fue lo mejor del viaje.",
            "Guarda este vídeo para el domingo.",
            "Así quedó el patio después de pintarlo tres veces.",
        ),
        comments=(
            "¡Qué maravilla! 😍",
            "¿Dónde es esto?",
            "Me has alegrado el día.",
            "Necesito la receta ya.",
            "Segunda parte, por favor 🙏",
            "Saludos desde Rosario",
        ),
        tags=("cocinafácil", "viajar", "hechoamano", "díasdeverano", "trucos", "barrio"),
    ),
    "de": Language(
        locale="de_DE",
        countries=("DE", "AT", "CH", "LU"),
        currency="EUR",
        sentences=(
            "Der alte Rechner läuft wieder, und zwar leise.",
            "Heute wird gelötet, bis der Kaffee kalt ist.",
            "Drei Fehler, die ich beim ersten Mal gemacht habe.",
            "Aus dem Keller in den Wettkampf: unser Team stellt sich vor.",
            "Ein Brett, eine Säge, viel zu viele Schrauben.",
            "Wir testen das günstigste Rad im Laden.",
            "Sonntag, Regen, neue Folge.",
            "Warum ich nach zehn Jahren das Werkzeug gewechselt habe.",
        ),
        comments=(
            "Endlich mal verständlich erklärt!",
            "Welches Mikrofon benutzt du?",
            "Läuft bei mir seit gestern, danke 👍",
            "Bitte mehr davon.",
            "Das Ende 😄",
            "Gruß aus Graz",
        ),
        tags=("werkstatt", "selbermachen", "technik", "übermorgen", "livestream", "retro"),
    ),
    "pt": Language(
        locale="pt_BR",
        countries=("BR", "PT", "AO", "MZ"),
        currency="BRL",
        sentences=(
            "Bolo de fubá do jeito que a minha avó fazia.",
            "A praia vazia de terça-feira é minha.",
            "Coleção nova chegando, quem adivinha a cor?",
            "Hoje tem treino com chuva e tudo.",
            "Feito à mão, um por um, com muito café.",
            "Três músicas que não saem da minha cabeça.",
            "Conta nos comentários qual você escolheria.",
        ),
        comments=(
            "Que lindo! 💛",
            "Quero um desses!",
            "Vocês entregam em Recife?",
            "Chorei de rir",
            "Receita, por favor!",
            "Melhor página de todas",
        ),
        tags=("feitoàmão", "lojinha", "verão", "receitadodia", "treino", "artesanato"),
    ),
    "ja": Language(
        locale="ja_JP",
        countries=("JP", "TW", "US"),
        currency="JPY",
        sentences=(
            "今日は一日中、雨の音を聞いていました。",
            "新しい万年筆で手紙を書いてみた。",
            "この道を歩くと、いつも猫に会う。",
            "五分でできるお弁当。",
            "配信は今夜九時からです。",
            "失敗したけど、味は最高。",
        ),
        comments=("かわいい!", "次の動画も楽しみです。", "どこで買えますか?", "笑った😂", "お疲れさまです🍵"),
        tags=("日常", "文房具", "猫のいる暮らし", "お弁当", "配信"),
    ),
    "ko": Language(
        locale="ko_KR",
        countries=("KR", "US", "JP"),
        currency="KRW",
        sentences=(
            "주말마다 동네 책방을 찾아갑니다.",
            "오늘의 글은 조금 길어요.",
            "새벽 시장에서 배운 것들.",
            "작은 팀이 오래 가는 법에 대하여.",
            "커피 한 잔과 메모 세 장.",
        ),
        comments=("잘 읽었습니다 🙏", "다음 글 기다릴게요!", "공감해요.", "우와", "저장했어요"),
        tags=("책방", "글쓰기", "새벽감성", "작은팀"),
    ),
    "ar": Language(
        locale="ar_DZ",
        countries=("DZ", "EG", "SA", "AE", "MA", "JO"),
        currency="DZD",
        sentences=(
            "قهوة الصباح قبل أن تستيقظ المدينة.",
            "ثلاث نصائح تعلمتها بالطريقة الصعبة.",
            "كل جمعة قصة جديدة.",
            "صنعت هذه الطاولة من خشب قديم.",
            "شاركوني رأيكم في التعليقات.",
        ),
        comments=("ما شاء الله 🌙", "رائع جدا", "أين هذا المكان؟", "ننتظر المزيد", "شكرا لك"),
        tags=("قهوة", "صناعة_يدوية", "يوميات", "نصائح"),
    ),
    "fr": Language(
        locale="fr_FR",
        countries=("FR", "BE", "CH", "CA", "SN"),
        currency="EUR",
        sentences=(
            "Une recette qui sent bon les vacances.",
            "On a repeint l'atelier en une nuit.",
            "Le train, la mer, un carnet.",
        ),
        comments=("Trop beau !", "Merci pour l'idée 💡", "J'adore"),
        tags=("atelier", "carnetdevoyage", "faitmaison"),
    ),
}  # fmt: skip

EMOJI: typing.Final = ("🧭", "✨", "🌿", "⏱️", "🎬", "👩🏽‍🍳", "🇧🇷", "🫶", "☕", "🏔️", "🎧", "❤️‍🔥")

COUNTRY_CODES: typing.Final = (
    "US", "GB", "CA", "AU", "IE", "NZ", "ES", "MX", "AR", "CO", "CL", "PE", "DE", "AT", "CH", "LU",
    "BR", "PT", "AO", "MZ", "JP", "TW", "KR", "DZ", "EG", "SA", "AE", "MA", "JO", "FR", "BE", "SN", "IN",
    "ID", "PH", "TR", "IT", "NL", "PL", "SE", "NO", "DK", "GR", "NG", "KE", "ZA", "TH", "VN", "UA",
)  # fmt: skip

CITIES: typing.Final[Mapping[str, tuple[str, ...]]] = {
    "US": ("New York, New York", "Los Angeles, California", "Chicago, Illinois", "Austin, Texas"),
    "GB": ("London, England", "Manchester, England", "Glasgow, Scotland"),
    "CA": ("Toronto, Ontario", "Montreal, Quebec"),
    "AU": ("Melbourne, Victoria", "Brisbane, Queensland"),
    "ES": ("Madrid, Comunidad de Madrid", "Sevilla, Andalucía", "Valencia, Comunidad Valenciana"),
    "MX": ("Ciudad de México, Distrito Federal", "Guadalajara, Jalisco"),
    "AR": ("Buenos Aires, Ciudad Autónoma de Buenos Aires", "Rosario, Santa Fe"),
    "CO": ("Bogotá, Distrito Especial", "Medellín, Antioquia"),
    "DE": ("Berlin, Berlin", "Hamburg, Hamburg", "Leipzig, Sachsen"),
    "AT": ("Wien, Wien", "Graz, Steiermark"),
    "BR": ("São Paulo, São Paulo", "Recife, Pernambuco", "Curitiba, Paraná", "Salvador, Bahia"),
    "PT": ("Lisboa, Lisboa", "Porto, Porto"),
    "JP": ("Tokyo, Tokyo", "Osaka, Osaka", "Sapporo, Hokkaido"),
    "KR": ("Seoul, Seoul", "Busan, Busan"),
    "DZ": ("Algiers, Algiers Province", "Oran, Oran Province"),
    "EG": ("Cairo, Cairo Governorate", "Alexandria, Alexandria Governorate"),
    "MA": ("Casablanca, Grand Casablanca",),
    "FR": ("Paris, Île-de-France", "Lyon, Rhône-Alpes", "Nantes, Pays de la Loire"),
    "IN": ("Mumbai, Maharashtra", "Bengaluru, Karnataka", "Delhi, Delhi"),
    "ID": ("Jakarta, Jakarta", "Surabaya, East Java"),
    "PH": ("Quezon City, Metro Manila",),
    "TR": ("Istanbul, Istanbul Province",),
    "IT": ("Milano, Lombardia", "Napoli, Campania"),
    "NL": ("Utrecht, Utrecht",),
    "NG": ("Lagos, Lagos State",),
    "KE": ("Nairobi, Nairobi County",),
}
