"""Seeded mistakes: does the contract test notice what really goes wrong?"""
