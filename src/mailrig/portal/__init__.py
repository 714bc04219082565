"""The set-up page of a site and what mail programs ask it by themselves, as a WSGI application; reads no inventory.

It runs in the container `setup`, beside discovery/ and nothing else of mailrig.
"""
