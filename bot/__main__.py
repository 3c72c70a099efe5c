"""`python -m bot`, the same as `smallwins`."""

from bot.loading import loading

with loading():
    from bot.cli import main

if __name__ == "__main__":
    main()
