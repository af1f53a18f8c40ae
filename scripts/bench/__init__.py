"""`make bench`: how the pages that people open all day behave with many cases. See __main__.py."""
