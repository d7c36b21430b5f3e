/** The user's own networks in Python, live. */

export { inspectPython, type PythonDescription, type PythonQuestion } from './inspect.ts';
export { findPython, type Interpreter, interpreterFingerprint, type PythonWish } from './interpreter.ts';
export { openPython, type PythonOptions, type PythonSpec } from './open.ts';
export { closeSessions } from './sessions.ts';
export { pythonSources } from './sources.ts';
export { type PythonTarget, parseTarget } from './target.ts';
