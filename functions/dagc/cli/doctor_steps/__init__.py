"""The steps of `dagc doctor`: looks at a deployed stack. (The canary is in `dagc.canary`.)"""
