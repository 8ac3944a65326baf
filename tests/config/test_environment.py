"""The readers take what they can read, and refuse the rest with a cure."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

NAME = "ATLAS_TEST_VARIABLE"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("1", True),
        ("true", True),
        ("Yes", True),
        (" on ", True),
        ("0", False),
        ("FALSE", False),
        ("no", False),
    ],
)
def test_a_boolean_is_read(monkeypatch: pytest.MonkeyPatch, value: str, read: bool) -> None:
    monkeypatch.setenv(NAME, value)
    assert environment.boolean(NAME, default=not read) is read


def test_a_blank_boolean_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "  ")
    assert environment.boolean(NAME, default=True) is True
    monkeypatch.delenv(NAME)
    assert environment.boolean(NAME, default=True) is True


def test_a_misspelt_boolean_is_refused_and_not_taken_for_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "flase")
    with pytest.raises(ImproperlyConfigured, match=rf"{NAME}='flase' .*set it to true or false"):
        environment.boolean(NAME, default=True)


def test_an_integer_is_read_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.integer(NAME, 7) == 7
    monkeypatch.setenv(NAME, "0")
    assert environment.integer(NAME, 7) == 0
    with pytest.raises(ImproperlyConfigured, match=rf"{NAME}=0 is too small: set it to 1 or more"):
        environment.integer(NAME, 7, minimum=1)
    monkeypatch.setenv(NAME, "four")
    with pytest.raises(ImproperlyConfigured, match=rf"{NAME}='four' is not a whole number"):
        environment.integer(NAME, 7)


def test_a_choice_outside_the_list_is_refused_with_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "staging")
    with pytest.raises(ImproperlyConfigured, match="one of development, production"):
        environment.choice(NAME, ("development", "production"), "development")


def test_words_are_parted_by_commas_and_empty_ones_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.words(NAME, ["a"]) == ["a"]
    monkeypatch.setenv(NAME, " one, ,two,")
    assert environment.words(NAME, ["a"]) == ["one", "two"]


def test_an_origin_needs_its_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "https://a.example.org,http://b:8000")
    assert environment.origins(NAME) == ["https://a.example.org", "http://b:8000"]
    monkeypatch.setenv(NAME, "a.example.org")
    with pytest.raises(ImproperlyConfigured, match=r"'a\.example\.org', which is no origin"):
        environment.origins(NAME)


def test_a_database_address_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.database(NAME) is None
    monkeypatch.setenv(NAME, "postgres://me:p%40ss@db.example.org:5433/atlas?sslmode=require")
    entry = environment.database(NAME)
    assert entry is not None
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "me", "p@ss", "db.example.org", 5433, "atlas",
    )  # fmt: skip
    assert entry["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("sqlite:///atlas.db", "does not name a PostgreSQL database"),
        ("db.example.org/atlas", "does not name a PostgreSQL database"),
        ("postgres://me:hidden@db.example.org", "names no database"),
        ("postgres://me:hidden@db.example.org:port/atlas", "cannot be read as an address"),
    ],
)
def test_a_bad_database_address_is_refused_without_telling_its_password(
    monkeypatch: pytest.MonkeyPatch, address: str, reason: str
) -> None:
    monkeypatch.setenv(NAME, address)
    with pytest.raises(ImproperlyConfigured, match=reason) as refusal:
        environment.database(NAME)
    assert "postgres://USER:PASSWORD@HOST:PORT/NAME" in str(refusal.value)
    assert "hidden" not in str(refusal.value)


def test_the_cache_is_the_process_unless_a_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.cache(NAME)["BACKEND"].endswith("LocMemCache")
    monkeypatch.setenv(NAME, "redis://cache:6379/1")
    assert environment.cache(NAME) == {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://cache:6379/1",
    }
    monkeypatch.setenv(NAME, "memcached://cache")
    with pytest.raises(ImproperlyConfigured, match="does not name a Redis or Valkey server"):
        environment.cache(NAME)


def test_all_missing_values_are_named_at_once() -> None:
    environment.require(ONE="set", TWO=["set"])
    with pytest.raises(ImproperlyConfigured, match=r"Production needs TWO, THREE in the environment"):
        environment.require(ONE="set", TWO=[], THREE=None)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", {}),
        (
            "smtp+tls://desk:p%40ss@mail.example.org:587",
            {
                "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "EMAIL_HOST": "mail.example.org",
                "EMAIL_PORT": 587,
                "EMAIL_HOST_USER": "desk",
                "EMAIL_HOST_PASSWORD": "p@ss",
                "EMAIL_USE_TLS": True,
            },
        ),
        (
            "smtp://mail.example.org",
            {
                "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "EMAIL_HOST": "mail.example.org",
            },
        ),
    ],
)
def test_a_mail_server_is_read(monkeypatch: pytest.MonkeyPatch, value: str, read: dict) -> None:
    monkeypatch.setenv(NAME, value)
    assert environment.mail(NAME) == read


@pytest.mark.parametrize("value", ["mail.example.org", "https://user:secret@mail.example.org"])
def test_what_is_no_mail_server_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(
        ImproperlyConfigured, match=f"{NAME} does not name a mail server: set {NAME} to smtp"
    ) as told:
        environment.mail(NAME)
    assert "secret" not in str(told.value)


def test_the_site_is_one_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")
    assert environment.site(NAME, "http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    monkeypatch.setenv(NAME, "https://atlas.example.org")
    assert environment.site(NAME, "") == "https://atlas.example.org"
    monkeypatch.setenv(NAME, "https://a.example.org,https://b.example.org")
    with pytest.raises(ImproperlyConfigured, match="names 2 origins"):
        environment.site(NAME, "")


@pytest.mark.parametrize("value", ["doi.org", "ftp://doi.org", "https://doi.org/?q=1", "https://"])
def test_an_address_that_is_none_is_refused_with_an_example(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=r"no address of a service: .* as in https://doi\.org"):
        environment.address(NAME, "https://doi.org")


def test_an_address_loses_the_stroke_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.address(NAME, "https://doi.org") == "https://doi.org"
    monkeypatch.setenv(NAME, "http://localhost:8120/doi/")
    assert environment.address(NAME, "https://doi.org") == "http://localhost:8120/doi"


def test_a_mail_address_is_one_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.email(NAME) == ""
    monkeypatch.setenv(NAME, "atlas@example.org")
    assert environment.email(NAME) == "atlas@example.org"
    monkeypatch.setenv(NAME, "the librarian")
    with pytest.raises(
        ImproperlyConfigured, match=r"is no mail address: write one such as atlas@example\.org"
    ):
        environment.email(NAME)
