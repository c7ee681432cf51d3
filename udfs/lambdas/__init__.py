"""The formulas as functions that a workbook without macros holds itself.

Excel 365 and 2024 let a defined name be a function, `=LAMBDA(quota, avg_revenue, ...)`, which
answers in a browser, on a Mac and on an iPad too. Each formula that can be one declares what its
function comes to, beside its Python (`@formula(..., within=...)`); that of a rule over numbers is
made from the rule itself (`rules`). `names` gathers them as a file stores them.

No text calls another of ours, so that a sheet copied to another workbook takes whole functions
along; and a cell is judged by functions of single cells alone, which every engine has.
"""
