/** Answers as ms-python.python does where an environment is active. */
exports.activate = () => ({
  environments: {
    getActiveEnvironmentPath: () => ({ id: 'chosen', path: '/chosen/in/the/editor/python' }),
    onDidChangeActiveEnvironmentPath: () => ({ dispose() {} }),
  },
});
