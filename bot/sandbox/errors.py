"""What the sandbox refuses: to the bot in Telegram's own words, to people as their client would."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal of the Bot API: an HTTP status, Telegram's sentence and, for some, parameters."""

    def __init__(self, error_code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{error_code}: {description}")
        self.error_code = error_code
        self.description = description
        self.parameters = parameters

    def payload(self) -> dict[str, Any]:
        """The JSON object that Telegram answers with."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.error_code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(sentence: str) -> ApiError:
    """400, with the sentence that follows "Bad Request: "."""
    return ApiError(400, f"Bad Request: {sentence}")


def forbidden(sentence: str) -> ApiError:
    """403, with the sentence that follows "Forbidden: "."""
    return ApiError(403, f"Forbidden: {sentence}")


def too_many_requests(seconds: int) -> ApiError:
    """429 with the number of seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class NotPossible(Exception):
    """A person tried what their Telegram client would not let them do."""
