'use strict';

// json-rules-engine passes a condition's "path" to JSONPath, whose filter and script expressions
// are evaluated as JavaScript. A rule file is data and must never run code, so this package takes
// the place of jsonpath-plus (see "overrides" in package.json) and refuses every call.
exports.JSONPath = function JSONPath() {
  throw new Error(
    'JSONPath is refused: a "path" in a rule file can run code. ' +
      'Tidegate offers facts with plain values instead, so remove "path" from the rule.',
  );
};
