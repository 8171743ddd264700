import time
def test_x(postgres_server, _postgres_template):
    for opt in ("", "STRATEGY FILE_COPY", "STRATEGY WAL_LOG"):
        a=[];b=[]
        for i in range(10):
            t=time.time(); postgres_server.run(f"CREATE DATABASE x{i} TEMPLATE ledger_template {opt}"); a.append(time.time()-t)
            t=time.time(); postgres_server.run(f"DROP DATABASE x{i} WITH (FORCE)"); b.append(time.time()-t)
        print(opt, min(a), max(a), min(b), max(b))
