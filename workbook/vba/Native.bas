Attribute VB_Name = "Native"
Option Explicit
Option Private Module

' The formulas of single numbers, answered in VBA itself: on macOS, where xlwings has no formulas in
' Python, and on a computer without Python. The same rules and the same Excel errors as
' smarketing_xl has; the tests put both through the same cases.

Private Const MOST_LEADS As Double = 10000000#
Private Const MOST_TERMS As Double = 2000000#
Private Const MOST_SPREAD As Double = 10

' The answer of a formula to single cells and ranges; #N/A for formulas that need Python.
Public Function AnswerNatively(ByVal formula As String, ByVal given As Variant) As Variant
    On Error GoTo Failed
    Select Case formula
        Case "FUNNEL_VOLUMES"
            AnswerNatively = FunnelVolumes(given)
        Case "CONVERSION_RANGE"
            AnswerNatively = ConversionRanges(given)
        Case "LEAD_GRADE"
            AnswerNatively = LeadGrades(given)
        Case "LEADS_DUE"
            AnswerNatively = LeadsDueBy(given)
        Case "BUSINESS_HOURS", "FOLLOW_UP_DUE", "SLA_STATUS", "SLA_PACE"
            AnswerNatively = InOfficeTime(formula, given)
        Case Else
            AnswerNatively = ElementByElement(formula, given, Empty)
    End Select
    Exit Function
Failed:
    AnswerNatively = CVErr(NUM) ' what overflows is out of range
End Function

' A formula of single cells over ranges lined up as Excel does: a single row or column repeats,
' a range that is too short ends in #N/A. What all cells have in common (the office, the plan) is
' read once.
Public Function ElementByElement(ByVal formula As String, ByRef given As Variant, _
        ByVal common As Variant) As Variant
    Dim height As Long, width As Long, row As Long, column As Long, all() As Variant
    height = Tallest(given)
    width = Widest(given)
    If height = 1 And width = 1 Then
        ElementByElement = OfCells(formula, CellsAt(given, 0, 0), common)
        Exit Function
    End If
    ReDim all(0 To height - 1, 0 To width - 1)
    For row = 0 To height - 1
        For column = 0 To width - 1
            all(row, column) = OfCells(formula, CellsAt(given, row, column), common)
        Next column
    Next row
    ElementByElement = all
End Function

' One formula of single cells.
Private Function OfCells(ByVal formula As String, ByVal v As Variant, _
        ByVal common As Variant) As Variant
    On Error GoTo Failed
    Select Case formula
        Case "QUOTA_FROM_GROWTH": OfCells = QuotaFromGrowth(v)
        Case "REQUIRED_CUSTOMERS": OfCells = RequiredCustomers(v)
        Case "REQUIRED_LEADS": OfCells = RequiredLeads(v)
        Case "REQUIRED_CONVERSION": OfCells = RequiredConversion(v)
        Case "LEAD_VALUE": OfCells = LeadValue(v)
        Case "QUOTA_PROBABILITY": OfCells = QuotaProbability(v)
        Case "LEADS_FOR_PROBABILITY": OfCells = LeadsForProbability(v)
        Case "LEADS_DUE": OfCells = LeadsDue(v, common)
        Case "CAC", "COST_PER_LEAD": OfCells = CostOfEach(v)
        Case "MARKETING_ROI": OfCells = MarketingRoi(v)
        Case "BUSINESS_HOURS": OfCells = BusinessHours(v, common)
        Case "FOLLOW_UP_DUE": OfCells = FollowUpDue(v, common)
        Case "SLA_STATUS": OfCells = SlaStatus(v, common)
        Case "SLA_PACE": OfCells = SlaPace(v, common)
        Case Else: OfCells = CVErr(NA)
    End Select
    Exit Function
Failed:
    OfCells = CVErr(NUM)
End Function

' --- goals -----------------------------------------------------------------------------------

Private Function QuotaFromGrowth(ByVal v As Variant) As Variant
    Dim sales As Variant, growth As Variant
    sales = Judged(v(0), 0, ANY_SIZE, False)
    growth = Judged(v(1), -1, ANY_SIZE, False)
    QuotaFromGrowth = FirstError(Array(sales, growth))
    If Not IsError(QuotaFromGrowth) Then QuotaFromGrowth = sales * (1 + growth)
End Function

Private Function RequiredCustomers(ByVal v As Variant) As Variant
    Dim quota As Variant, revenue As Variant
    quota = Judged(v(0), 0, ANY_SIZE, False)
    revenue = Judged(v(1), 0, ANY_SIZE, True)
    RequiredCustomers = FirstError(Array(Flag(v(2)), quota, revenue))
    If Not IsError(RequiredCustomers) Then RequiredCustomers = WholeIf(quota / revenue, v(2))
End Function

Private Function RequiredLeads(ByVal v As Variant) As Variant
    Dim quota As Variant, revenue As Variant, rate As Variant
    quota = Judged(v(0), 0, ANY_SIZE, False)
    revenue = Judged(v(1), 0, ANY_SIZE, True)
    rate = Judged(v(2), 0, 1, True)
    RequiredLeads = FirstError(Array(Flag(v(3)), quota, revenue, rate))
    If Not IsError(RequiredLeads) Then RequiredLeads = WholeIf(quota / revenue / rate, v(3))
End Function

Private Function RequiredConversion(ByVal v As Variant) As Variant
    Dim leads As Variant, quota As Variant, revenue As Variant, rate As Double
    leads = Judged(v(0), 0, ANY_SIZE, True)
    quota = Judged(v(1), 0, ANY_SIZE, False)
    revenue = Judged(v(2), 0, ANY_SIZE, True)
    RequiredConversion = FirstError(Array(leads, quota, revenue))
    If IsError(RequiredConversion) Then Exit Function
    rate = quota / revenue / leads
    If rate > 1 + NOISE Then
        RequiredConversion = CVErr(NUM)
    ElseIf rate > 1 Then
        RequiredConversion = 1#
    Else
        RequiredConversion = rate
    End If
End Function

Private Function LeadValue(ByVal v As Variant) As Variant
    Dim revenue As Variant, rate As Variant
    revenue = Judged(v(0), 0, ANY_SIZE, False)
    rate = Judged(v(1), 0, 1, False)
    LeadValue = FirstError(Array(revenue, rate))
    If Not IsError(LeadValue) Then LeadValue = revenue * rate
End Function

' The volume needed at each stage: a funnel beside the other for each target. They stand as the
' conversions do; under a single conversion, across the targets.
Private Function FunnelVolumes(ByVal given As Variant) As Variant
    Dim shares As Variant, targets As Long, stages As Long, at As Long, stage As Long
    Dim upright As Boolean, volume As Variant, volumes() As Variant
    FunnelVolumes = FirstError(Array(WrongShape(given(1)), WrongShape(given(0)), Flag(given(2))))
    If IsError(FunnelVolumes) Then Exit Function
    targets = FilledLength(given(0))
    If targets = 0 Then
        FunnelVolumes = CVErr(NA)
        Exit Function
    End If
    shares = SharesToLast(given(1))
    stages = UBound(shares)
    upright = RowsOf(given(1)) > 1
    If Not IsArray(given(1)) Then upright = targets > 1 And RowsOf(given(0)) = 1
    If upright Then
        ReDim volumes(0 To stages, 0 To targets - 1)
    Else
        ReDim volumes(0 To targets - 1, 0 To stages)
    End If
    For at = 0 To targets - 1
        For stage = 0 To stages
            volume = StageVolume(Along(given(0), at), shares(stage), given(2))
            If upright Then
                volumes(stage, at) = volume
            Else
                volumes(at, stage) = volume
            End If
        Next stage
    Next at
    FunnelVolumes = volumes
End Function

' For every stage, the share of it that reaches the last; a bad share spoils every stage up to it.
Private Function SharesToLast(ByVal conversions As Variant) As Variant
    Dim stages As Long, stage As Long, rate As Variant, share As Variant, shares() As Variant
    stages = FilledLength(conversions)
    ReDim shares(0 To stages)
    share = 1#
    shares(stages) = share
    For stage = stages - 1 To 0 Step -1
        rate = Judged(Along(conversions, stage), 0, 1, True)
        If Not IsError(share) Then
            If IsError(rate) Then share = rate Else share = share * rate
        End If
        shares(stage) = share
    Next stage
    SharesToLast = shares
End Function

Private Function StageVolume(ByVal cell As Variant, ByVal share As Variant, _
        ByVal whole As Variant) As Variant
    Dim target As Variant
    On Error GoTo Failed
    target = Judged(cell, 0, ANY_SIZE, False)
    StageVolume = FirstError(Array(target, share))
    If Not IsError(StageVolume) Then StageVolume = WholeIf(target / share, whole)
    Exit Function
Failed:
    StageVolume = CVErr(NUM)
End Function

' --- how sure the plan is --------------------------------------------------------------------

' Lowest beside highest conversion rate, one line for each experience.
Private Function ConversionRanges(ByVal given As Variant) As Variant
    Dim height As Long, width As Long, row As Long, column As Long
    Dim ends As Variant, all() As Variant
    height = Tallest(given)
    width = Widest(given)
    If height = 1 And width > 1 Then
        ReDim all(0 To 1, 0 To width - 1)
    Else
        ReDim all(0 To height - 1, 0 To 2 * width - 1)
    End If
    For row = 0 To height - 1
        For column = 0 To width - 1
            ends = ConversionEnds(CellsAt(given, row, column))
            If height = 1 And width > 1 Then
                all(0, column) = ends(0)
                all(1, column) = ends(1)
            Else
                all(row, column) = ends(0)
                all(row, width + column) = ends(1)
            End If
        Next column
    Next row
    ConversionRanges = all
End Function

Private Function ConversionEnds(ByVal v As Variant) As Variant
    Dim won As Variant, total As Variant, sure As Variant, wrong As Variant
    total = Judged(v(1), 0, MOST_LEADS, True)
    won = AtMost(Judged(v(0), 0, ANY_SIZE, False), total)
    sure = 0.95
    If Not IsBlank(v(2)) Then sure = Judged(v(2), 0.01, 0.9999, False)
    wrong = FirstError(Array(won, total, sure))
    If IsError(wrong) Then
        ConversionEnds = Array(wrong, wrong)
    Else
        ConversionEnds = WilsonEnds(won, total, NormalQuantile((1 + sure) / 2))
    End If
End Function

' Wilson's score interval.
Private Function WilsonEnds(ByVal won As Double, ByVal total As Double, ByVal z As Double) As Variant
    Dim rate As Double, spread As Double, centre As Double, half As Double
    Dim low As Double, high As Double
    rate = won / total
    spread = z * z / total
    centre = rate + spread / 2
    half = Sqr(spread * (rate * (1 - rate) + spread / 4))
    low = (centre - half) / (1 + spread)
    high = (centre + half) / (1 + spread)
    If won = 0 Then low = 0
    If won = total Then high = 1
    WilsonEnds = Array(low, high)
End Function

' Exact beta-binomial: the chance that so many leads hold the customers needed.
Private Function QuotaProbability(ByVal v As Variant) As Variant
    Dim leads As Variant, spread As Double
    leads = Judged(v(0), 0, MOST_LEADS, False)
    QuotaProbability = WrongExperience(leads, v)
    If IsError(QuotaProbability) Then Exit Function
    spread = Judged(v(5), 0, MOST_SPREAD, False)
    If spread > 0 Then
        QuotaProbability = ReachedWith(v, Int(leads), spread)
    Else
        QuotaProbability = SumOfTerms(CustomersNeeded(v), v, Int(leads), 2, False)
    End If
End Function

' The fewest leads with at least such a chance.
Private Function LeadsForProbability(ByVal v As Variant) As Variant
    Dim chance As Variant, needed As Double, spread As Double
    chance = Judged(v(0), 0, 0.999999, False)
    LeadsForProbability = WrongExperience(chance, v)
    If IsError(LeadsForProbability) Then Exit Function
    needed = CustomersNeeded(v)
    spread = Judged(v(5), 0, MOST_SPREAD, False)
    If chance = 0 Or needed = 0 Then
        LeadsForProbability = 0#
    ElseIf spread > 0 Then
        LeadsForProbability = FewestWith(v, chance, spread)
    Else
        LeadsForProbability = SumOfTerms(needed, v, MOST_LEADS, chance, True)
    End If
End Function

' The fewest leads with at least such a chance where revenue spreads, by halving.
Private Function FewestWith(ByVal v As Variant, ByVal chance As Double, ByVal spread As Double) As Variant
    Dim low As Double, high As Double, middle As Double, reached As Variant
    high = 1
    Do
        reached = ReachedWith(v, high, spread)
        If IsError(reached) Then
            FewestWith = reached
            Exit Function
        End If
        If reached >= chance Then Exit Do
        low = high
        high = high * 2
        If low >= MOST_LEADS Then
            FewestWith = CVErr(NUM)
            Exit Function
        End If
    Loop
    Do While high - low > 1
        middle = Int((low + high) / 2)
        If ReachedWith(v, middle, spread) >= chance Then high = middle Else low = middle
    Loop
    FewestWith = high
    If high > MOST_LEADS Then FewestWith = CVErr(NUM)
End Function

' P(so many leads bring the quota) where revenue spreads: 1 less, for every number of customers,
' P(so many) x P(they bring less); smarketing_xl/funnel/chance.py and revenue.py.
Private Function ReachedWith(ByVal v As Variant, ByVal leads As Double, ByVal spread As Double) As Variant
    Dim quota As Double, revenue As Double, a As Double, b As Double, most As Double
    Dim n As Double, term As Double, less As Double
    quota = Judged(v(1), 0, ANY_SIZE, False)
    revenue = Judged(v(2), 0, ANY_SIZE, True)
    ReachedWith = 1#
    If quota <= 0 Then Exit Function
    most = MostCustomers(quota / revenue, spread)
    If leads + 1 < most Then most = leads + 1
    If most > MOST_TERMS Then
        ReachedWith = CVErr(NUM)
        Exit Function
    End If
    a = Judged(v(3), 0, ANY_SIZE, False) + 0.5
    b = Judged(v(4), 0, MOST_LEADS, True) + 1 - a
    term = LogGamma(b + leads) - LogGamma(b) + LogGamma(a + b) - LogGamma(a + b + leads)
    less = Exp(term)
    For n = 1 To most - 1
        term = term + Log((leads - n + 1) / n * ((a + n - 1) / (b + leads - n)))
        If term > -745 Then less = less + Exp(term) * GammaBelow(n / spread ^ 2, quota / (revenue * spread ^ 2))
    Next n
    If less > 1 Then less = 1
    ReachedWith = 1 - less
End Function

' So many customers bring the quota as good as surely.
Private Function MostCustomers(ByVal needed As Double, ByVal spread As Double) As Double
    Dim most As Double
    most = needed + 12 * spread * Sqr(needed) + (12 * spread) ^ 2
    MostCustomers = -Int(-most) + 1
End Function

' The regularised incomplete gamma function: series below shape + 1, continued fraction above.
' Abramowitz & Stegun, Handbook of Mathematical Functions, 6.5.29 and 6.5.31.
Private Function GammaBelow(ByVal shape As Double, ByVal x As Double) As Double
    Dim sum As Double, term As Double, n As Double, b As Double, c As Double, d As Double, part As Double
    Dim front As Double
    front = shape * Log(x) - x - LogGamma(shape)
    If front < -745 Then
        If x > shape Then GammaBelow = 1
        Exit Function
    End If
    If x < shape + 1 Then
        term = 1 / shape
        sum = term
        n = shape
        Do
            n = n + 1
            term = term * x / n
            sum = sum + term
        Loop While term > sum * 1E-16
        GammaBelow = sum * Exp(front)
        Exit Function
    End If
    b = x + 1 - shape
    c = 1E+300
    d = 1 / b
    sum = d
    n = 0
    Do
        n = n + 1
        part = n * (shape - n)
        b = b + 2
        d = 1 / (part * d + b)
        c = b + part / c
        sum = sum * c * d
    Loop While Abs(c * d - 1) > 1E-16 And n < 100000
    GammaBelow = 1 - sum * Exp(front)
End Function

' The first error among what both ask.
Private Function WrongExperience(ByVal asked As Variant, ByVal v As Variant) As Variant
    Dim quota As Variant, revenue As Variant, won As Variant, total As Variant
    quota = Judged(v(1), 0, ANY_SIZE, False)
    revenue = Judged(v(2), 0, ANY_SIZE, True)
    total = Judged(v(4), 0, MOST_LEADS, True)
    won = AtMost(Judged(v(3), 0, ANY_SIZE, False), total)
    WrongExperience = FirstError(Array(asked, quota, revenue, won, total, _
        Judged(v(5), 0, MOST_SPREAD, False)))
End Function

Private Function CustomersNeeded(ByVal v As Variant) As Double
    CustomersNeeded = WholeUp(Judged(v(1), 0, ANY_SIZE, False) / Judged(v(2), 0, ANY_SIZE, True))
End Function

' Adds up P(the k-th customer comes after f failures), f = 0, 1, ... as far as leads reach, or until
' the sum is enough: then the leads it took are the answer.
Private Function SumOfTerms(ByVal k As Double, ByVal v As Variant, ByVal leads As Double, _
        ByVal enough As Double, ByVal countLeads As Boolean) As Variant
    Dim a As Double, b As Double, f As Double, sum As Double, term As Double
    a = Judged(v(3), 0, ANY_SIZE, False) + 0.5
    b = Judged(v(4), 0, MOST_LEADS, True) + 1 - a
    If k = 0 Then
        SumOfTerms = 1#
        Exit Function
    End If
    term = LogGamma(a + k) - LogGamma(a) + LogGamma(a + b) - LogGamma(a + b + k)
    For f = 0 To leads - k
        sum = sum + Exp(term)
        If sum >= enough Then
            SumOfTerms = k + f
            Exit Function
        End If
        term = term + Log((k + f) / (f + 1) * ((b + f) / (a + b + k + f)))
    Next f
    If sum > 1 Then sum = 1
    SumOfTerms = sum
    If countLeads Then SumOfTerms = CVErr(NUM)
End Function

' --- personas --------------------------------------------------------------------------------

' The grade of each score; blank below every grade, and of a blank score.
Private Function LeadGrades(ByVal given As Variant) As Variant
    Dim row As Long, column As Long, all() As Variant
    If Not IsArray(given(1)) Then
        LeadGrades = CVErr(VALUE)
    ElseIf ColumnsOf(given(1)) < 2 Or Not GoodScale(given(1)) Then
        LeadGrades = CVErr(VALUE)
    ElseIf Not IsArray(given(0)) Then
        LeadGrades = LeadGrade(given(0), given(1))
    Else
        ReDim all(0 To RowsOf(given(0)) - 1, 0 To ColumnsOf(given(0)) - 1)
        For row = 0 To UBound(all, 1)
            For column = 0 To UBound(all, 2)
                all(row, column) = LeadGrade(Element(given(0), row, column), given(1))
            Next column
        Next row
        LeadGrades = all
    End If
End Function

Private Function LeadGrade(ByVal cell As Variant, ByVal grades As Variant) As Variant
    Dim score As Variant, row As Long, best As Double
    score = Judged(cell, -ANY_SIZE, ANY_SIZE, False)
    If IsError(score) Then
        LeadGrade = score
        Exit Function
    End If
    LeadGrade = ""
    If IsBlank(cell) Then Exit Function
    best = -1
    For row = 0 To RowsOf(grades) - 1
        If Not IsBlank(Element(grades, row, 0)) Then
            If Element(grades, row, 1) <= score And Element(grades, row, 1) > best Then
                best = Element(grades, row, 1)
                LeadGrade = Element(grades, row, 0)
            End If
        End If
    Next row
End Function

' Whether every grade has its own lowest score from 0 to 100.
Private Function GoodScale(ByVal grades As Variant) As Boolean
    Dim row As Long, other As Long, lowest As Variant
    For row = 0 To RowsOf(grades) - 1
        If Not IsBlank(Element(grades, row, 0)) Then
            lowest = Element(grades, row, 1)
            If VarType(lowest) <> vbDouble And VarType(lowest) <> vbInteger Then Exit Function
            If lowest < 0 Or lowest > 100 Then Exit Function
            For other = 0 To row - 1
                If Not IsBlank(Element(grades, other, 0)) Then
                    If Element(grades, other, 1) = lowest Then Exit Function
                End If
            Next other
        End If
    Next row
    GoodScale = True
End Function

' --- feedback --------------------------------------------------------------------------------

Private Function CostOfEach(ByVal v As Variant) As Variant
    Dim cost As Variant, number As Variant
    cost = Judged(v(0), 0, ANY_SIZE, False)
    number = Judged(v(1), 0, ANY_SIZE, True)
    CostOfEach = FirstError(Array(cost, number))
    If Not IsError(CostOfEach) Then CostOfEach = cost / number
End Function

Private Function MarketingRoi(ByVal v As Variant) As Variant
    Dim revenue As Variant, cost As Variant
    revenue = Judged(v(0), -ANY_SIZE, ANY_SIZE, False)
    cost = Judged(v(1), 0, ANY_SIZE, True)
    MarketingRoi = FirstError(Array(revenue, cost))
    If Not IsError(MarketingRoi) Then MarketingRoi = (revenue - cost) / cost
End Function
