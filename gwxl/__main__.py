"""Run the command line as ``python -m gwxl``."""

from gwxl.cli import main

if __name__ == "__main__":
    main()
