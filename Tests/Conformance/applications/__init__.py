"""Small applications written with redis-py as anybody would write them.

Each module has classes that an application could contain, and `scenario(clients)`, which uses them and
returns facts that must be the same on every server: nothing that depends on the clock or on chance.
"""
