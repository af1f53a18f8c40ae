"""Documents that editors upload to be made into drafts: kept, read by a job, reported on.

How a document is read is the business of `pages.importing`, how it becomes a page that of
`pages.drafting`.
"""
