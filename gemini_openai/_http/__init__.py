"""Support two HTTP families, httpx and httpx2, and keep the HTTP clients made with them.

Belongs here: what differs between the families, pools, timeouts, certificates.
Does not: what is sent, and why. No other folder imports a family at run time.
"""
