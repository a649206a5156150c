"""One peer on one set: fits on train.csv, writes predictions for test.csv in the product's own layout.

usage: tabular_peer.py SYSTEM TRAIN TEST TARGET TASK METRIC SEED BUDGET OUT
Prints one JSON object: seconds, bytes, oneRowMs, tenThousandRowsMs. Automatic systems get two cores, like ours.
"""
import json
import os
import pickle
import sys
import tempfile
import time
import warnings

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin

warnings.filterwarnings("ignore")
system, train_path, test_path, target, task, metric, seed, budget, out = sys.argv[1:10]
seed, budget = int(seed), float(budget)
classify = task == "classification"
train, test = pd.read_csv(train_path), pd.read_csv(test_path)
# Labels are compared as the file's own strings.
labels = pd.read_csv(train_path, usecols=[target], dtype=str, keep_default_na=False)[target]
x, y = train.drop(columns=[target]), labels if classify else train[target]
x_test = test.drop(columns=[target], errors="ignore")
# Columns without any value stop some of the peers, and help none.
x = x.loc[:, x.notna().any()]
numeric = [c for c in x.columns if pd.api.types.is_numeric_dtype(x[c])]
categorical = [c for c in x.columns if c not in numeric]


def one_hot_pipeline(model):
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    return make_pipeline(
        ColumnTransformer([
            ("n", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numeric),
            ("c", make_pipeline(SimpleImputer(strategy="constant", fill_value="?"), OneHotEncoder(handle_unknown="ignore", min_frequency=2)), categorical),
        ]),
        model,
    )


def ordinal_pipeline(model_for):
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    small = [c for c in categorical if x[c].nunique() <= 250]
    large = [c for c in categorical if c not in small]
    encoder = ColumnTransformer([
        ("n", "passthrough", numeric),
        ("s", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan), small),
        ("l", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2), large),
    ])
    return make_pipeline(encoder, model_for(list(range(len(numeric), len(numeric) + len(small)))))


class LabelledXgb(ClassifierMixin, BaseEstimator):
    """XGBoost takes class numbers only. At the top of the file, so that it can be pickled."""

    def fit(self, features, names):
        from sklearn.preprocessing import LabelEncoder
        from xgboost import XGBClassifier

        encoder = LabelEncoder().fit(names)
        self.classes_ = encoder.classes_
        self.model_ = XGBClassifier(random_state=seed, n_jobs=2).fit(features, encoder.transform(names))
        return self

    def predict(self, features):
        return self.classes_[self.model_.predict(features)]

    def predict_proba(self, features):
        return self.model_.predict_proba(features)

def build():
    if system == "hist_gradient_boosting":
        from sklearn.ensemble import HistGradientBoostingClassifier as C, HistGradientBoostingRegressor as R

        return ordinal_pipeline(lambda cats: (C if classify else R)(random_state=seed, categorical_features=cats or None))
    if system == "mlp":
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        return one_hot_pipeline(MLPClassifier(random_state=seed) if classify else MLPRegressor(random_state=seed))
    if system == "linear":
        from sklearn.linear_model import LinearRegression, LogisticRegression

        return one_hot_pipeline(LogisticRegression(max_iter=1000, random_state=seed) if classify else LinearRegression())
    if system == "ridge":
        from sklearn.linear_model import LogisticRegression, RidgeCV

        return one_hot_pipeline(LogisticRegression(max_iter=1000, random_state=seed) if classify else RidgeCV(alphas=np.logspace(-3, 3, 13)))
    if system == "random_forest":
        from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

        return one_hot_pipeline(RandomForestClassifier(200, random_state=seed, n_jobs=2) if classify else RandomForestRegressor(200, random_state=seed, n_jobs=2))
    if system == "lightgbm":
        import lightgbm as lgb

        return ordinal_pipeline(lambda cats: (lgb.LGBMClassifier if classify else lgb.LGBMRegressor)(random_state=seed, n_jobs=2, verbose=-1))
    if system == "xgboost":
        from xgboost import XGBRegressor

        return ordinal_pipeline(lambda cats: LabelledXgb() if classify else XGBRegressor(random_state=seed, n_jobs=2))
    return None


def catboost_model():
    """Its own handling of categories, which scikit-learn's encoders would take away."""
    from catboost import CatBoostClassifier, CatBoostRegressor

    return (CatBoostClassifier if classify else CatBoostRegressor)(random_seed=seed, thread_count=2, verbose=0, allow_writing_files=False, cat_features=categorical)


def folder_bytes(path):
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(path) for f in files)


started = time.time()
if system in ("autogluon_medium", "autogluon_best"):
    from autogluon.tabular import TabularPredictor

    names = {"roc_auc": "roc_auc", "log_loss": "log_loss", "accuracy": "accuracy", "rmse": "root_mean_squared_error", "mae": "mean_absolute_error"}
    problem = "regression" if not classify else ("binary" if y.nunique() == 2 else "multiclass")
    folder = tempfile.mkdtemp()
    frame = x.assign(**{target: y})
    model = TabularPredictor(label=target, path=folder, problem_type=problem, eval_metric=names.get(metric), verbosity=0)
    model.fit(frame, time_limit=budget, presets="medium_quality" if system == "autogluon_medium" else "best_quality", num_cpus=2, num_gpus=0)
    predict, proba, classes = model.predict, (lambda d: model.predict_proba(d).to_numpy()), (model.class_labels if classify else [])
    size = lambda: folder_bytes(folder)
elif system == "flaml":
    from flaml import AutoML

    model = AutoML()
    names = {"rmse": "rmse", "mae": "mae", "roc_auc": "roc_auc", "log_loss": "log_loss", "accuracy": "accuracy"}
    model.fit(x, y, task=task, metric=names.get(metric, "auto"), time_budget=budget, seed=seed, n_jobs=2, verbose=0)
    predict, proba, classes = model.predict, model.predict_proba, (list(model.classes_) if classify else [])
    size = lambda: len(pickle.dumps(model))
elif system == "catboost":
    model = catboost_model()
    x = x.assign(**{c: x[c].astype(str) for c in categorical})
    x_test = x_test[x.columns].assign(**{c: x_test[c].astype(str) for c in categorical})
    model.fit(x, y)
    predict, proba, classes = model.predict, getattr(model, "predict_proba", None), (list(model.classes_) if classify else [])
    size = lambda: len(pickle.dumps(model))
else:
    model = build()
    if model is None:
        sys.exit(f"unknown system {system}")
    model.fit(x, y)
    predict, proba, classes = model.predict, getattr(model, "predict_proba", None), (list(model.classes_) if classify else [])
    size = lambda: len(pickle.dumps(model))
seconds = time.time() - started

prediction = pd.Series(np.asarray(predict(x_test)).ravel())
frame = pd.DataFrame({"prediction": prediction})
if classify:
    p = proba(x_test)
    for i, c in enumerate(classes):
        frame[f"probability_{c}"] = p[:, i]
frame.to_csv(out, index=False)

answer = proba if classify else predict


def best_ms(rows, runs):
    times = []
    for _ in range(runs):
        t = time.perf_counter()
        answer(rows)
        times.append(time.perf_counter() - t)
    return min(times) * 1000


many = x_test.iloc[np.arange(10_000) % len(x_test)].reset_index(drop=True)
print(json.dumps({"seconds": seconds, "bytes": size(), "oneRowMs": best_ms(x_test.iloc[:1], 10), "tenThousandRowsMs": best_ms(many, 2)}))
