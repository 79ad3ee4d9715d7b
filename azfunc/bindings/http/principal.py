"""`ClientPrincipal`: the signed-in user, as App Service authentication and Static Web Apps tell it in headers."""

from __future__ import annotations

from azfunc._core.checks import is_dict
from azfunc._core.failures import ConversionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ClientPrincipal:
    """The signed-in user of a request.

    The platform writes the headers after it has checked the sign-in, and removes them from other requests; without
    its authentication anyone can send them.

    Args:
        id: Identity of the user; from ``x-ms-client-principal-id``, or ``userId``.
        name: Name the user signed in with; from ``x-ms-client-principal-name``, or ``userDetails``.
        identity_provider: Who checked the sign-in, such as ``aad``; from ``x-ms-client-principal-idp``.
        claims: What the provider says of the user, as pairs of type and value.
        roles: Roles of the user.

    Source: App Service documentation, "Work with user identities"; Static Web Apps documentation, "User information".
    """

    def __init__(
        self,
        id: str | None = None,
        name: str | None = None,
        identity_provider: str | None = None,
        claims: tuple[tuple[str, str], ...] = (),
        roles: tuple[str, ...] = (),
    ) -> None:
        self.id = id
        self.name = name
        self.identity_provider = identity_provider
        self.claims = claims
        self.roles = roles

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if isinstance(other, ClientPrincipal) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.id, self.name))

    def __repr__(self) -> str:
        shown = f"id={self.id!r}, identity_provider={self.identity_provider!r}, roles={self.roles!r}"
        return f"ClientPrincipal({shown}, {len(self.claims)} claims)"


def read_principal(headers: dict[str, str]) -> ClientPrincipal | None:
    """Read the user from headers with lower case names, or give None if they name none.

    Raises:
        ConversionError: ``x-ms-client-principal`` is no Base64 of a JSON object.
    """
    encoded = headers.get("x-ms-client-principal")
    plain = {key: headers.get(f"x-ms-client-principal-{key}") for key in ("id", "name", "idp")}
    if not encoded and not any(plain.values()):
        return None
    known: dict[str, Any] = _decoded(encoded) if encoded else {}
    claims = tuple((str(each.get("typ", "")), str(each.get("val", ""))) for each in known.get("claims") or ())
    roles = known.get("userRoles")
    if roles is None:
        role_type = known.get("role_typ") or "roles"
        roles = [value for kind, value in claims if kind in (role_type, "roles")]
    return ClientPrincipal(
        id=plain["id"] or known.get("userId"),
        name=plain["name"] or known.get("userDetails"),
        identity_provider=plain["idp"] or known.get("identityProvider") or known.get("auth_typ"),
        claims=claims,
        roles=tuple(str(each) for each in roles),
    )


def _decoded(text: str) -> dict[str, Any]:
    import base64

    from azfunc._core.jsonlib import loads

    try:
        found = loads(base64.b64decode(text + "=" * (-len(text) % 4), validate=True), what="the principal")
    except ValueError as error:
        raise _unreadable() from error
    if not is_dict(found):
        raise _unreadable()
    return found


def _unreadable() -> ConversionError:
    return ConversionError(
        "The header x-ms-client-principal is no Base64 text of a JSON object.",
        hint="The platform writes it; for a request made by hand use base64.b64encode(json.dumps(...).encode()).",
    )
