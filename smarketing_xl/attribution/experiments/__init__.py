"""What no observation can tell: to change a channel's spend here and not there, and to compare.

`assignment` says where and when the spend may be changed, and draws; `inference` compares what came
with what would have come under every other draw; `power` says beforehand what can be seen;
`weekly` counts; `plans` reads and writes the rows of the sheet Experiments; `spend_response` and
`responses` turn what is known into what the proposed budget assumes.
"""
