"""`python -m smarketing_xl` is `smarketing`."""

from smarketing_xl.cli.app import main

main()
