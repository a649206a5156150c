/** What `warmstart --help` shows. */
export const usage = `warmstart run DATA --target COLUMN [--test FILE] [--task T] [--metric M] [--budget 2m] [--trials N] [--seed N]
              [--split random|group|time] [--group-column C] [--time-column C] [--positive-class C]
              [--costs JSON] [--monotone JSON]
              [--prior on|off] [--strategy default|predictor|random] [--reuse on|off] [--stop-early on|off]
              [--out model.onnx] [--bundle model.zip] [--json] [--server URL] [--project ID] [--data DIR]
warmstart predict MODEL.onnx ROWS --out predictions.csv [--runtime node|web]
warmstart check MODEL.onnx --golden golden.jsonl [--runtime node|web]
warmstart replay RECEIPT.json|BUNDLE.zip DATA [--test FILE] [--all] [--out model.onnx] [--json]
warmstart reset-password EMAIL [--data DIR]

DATA and ROWS are CSV, TSV, Parquet or JSONL files. --task is classification or regression; what is left out is
proposed from the data. --budget takes 90s, 5m or 1h. --server needs WARMSTART_API_KEY in the environment.
--costs {"yes":{"no":9}}, with --metric cost: saying no where yes is true costs 9; mistakes that are not named cost 1.
--monotone {"age":1,"price":-1}: predictions only rise along age, and only fall along price.
replay asks the strategy again, trains what the model is made of (--all: every finished trial) by the recorded plans
and compares the file: 0 when it is the same byte by byte, 5 when something differs, which is then listed.
Results go to stdout (one JSON object with --json), progress goes to stderr.
Exit codes: 0 ready, 2 usage, 3 bad data, 4 no model found, 5 verification failed, 130 cancelled.
`;
