"""(Release, Observed) → what is to be done; pure."""
