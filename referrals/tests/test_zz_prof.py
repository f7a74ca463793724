import cProfile, pstats, time, pytest
from referrals.tests.factories import make_expert, make_recommendation
@pytest.mark.django_db
def test_p():
    make_expert()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    p=cProfile.Profile(); t=time.time()
    with CaptureQueriesContext(connection) as c:
        p.enable(); make_recommendation(); p.disable()
    print(time.time()-t, len(c), sum(float(q["time"]) for q in c.captured_queries))
    for q in sorted(c.captured_queries, key=lambda q:-float(q["time"]))[:5]: print(q["time"], q["sql"][:200])
    pstats.Stats(p).sort_stats("cumtime").print_stats(25)
