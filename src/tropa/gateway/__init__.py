"""The gateway: joins the channels to the database, one process for each account.

It seals what comes in and verifies what goes out; it holds no key of the desk and opens no stored conversation.
"""
