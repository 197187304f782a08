// Compiles the modules of zips with the Python that will run them: node compile.mjs GIVEN.zip MADE.zip [GIVEN.zip MADE.zip …]
// A worker that had to compile them itself would take twice as long until it is ready.
import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const python = await loadPyodide({ env: { PYTHONHASHSEED: "0" }, stdout: () => {} });
python.runPython(`
import ast, importlib.util, marshal, zipfile

# Whose docstrings are read at run time: Cerberus takes them for schemas.
READ = ("gwxl/rules/", "cerberus/", "_pyodide/", "pyodide/")

def without_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node, clean=False):
            node.body[0] = ast.copy_location(ast.Pass(), node.body[0])
    return tree

# Of functions alone: what a class says of its fields makes it what it is.
def without_annotations(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return tree

def compiled(name, source):
    tree = ast.parse(source, name)
    if name.startswith("gwxl/"):
        tree = without_annotations(tree)
    code = compile(tree if name.startswith(READ) else without_docstrings(tree), name, "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + importlib.util.source_hash(source)
    return header + marshal.dumps(code)

def compile_zip():
    with zipfile.ZipFile("/given.zip") as given, zipfile.ZipFile("/made.zip", "w") as made:
        for name in given.namelist():
            data = given.read(name)
            if name.endswith(".py"):
                name, data = name + "c", compiled(name, data)
            made.writestr(zipfile.ZipInfo(name), data)
`);
for (let place = 2; place < process.argv.length; place += 2) {
  python.FS.writeFile("/given.zip", readFileSync(process.argv[place]));
  python.runPython("compile_zip()");
  writeFileSync(process.argv[place + 1], python.FS.readFile("/made.zip"));
}
process.exit(0); // Python waits for more
