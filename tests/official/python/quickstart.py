"""The quickstart of the SDK for Python. For the emulator, only `environment` is added."""

import os

import stytch

client = stytch.Client(
    project_id=os.environ["STYTCH_PROJECT_ID"],
    secret=os.environ["STYTCH_SECRET"],
    environment=os.environ["STYTCH_ENVIRONMENT"],
)

login_or_create_resp = client.magic_links.email.login_or_create(
    email="sandbox@stytch.com",
    login_magic_link_url="https://example.com/login",
    signup_magic_link_url="https://example.com/signup",
)
# Responses are fully-typed pydantic objects
print(login_or_create_resp.user_id)

auth_resp = client.magic_links.authenticate(
    token="DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=",
)
print(auth_resp.user_id)
