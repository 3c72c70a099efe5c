"""`python -m bot`, the same as `smallwins`."""

from bot.cli import main

if __name__ == "__main__":
    main()
