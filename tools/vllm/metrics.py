"""Prints what the engine of the installed release exports, in Prometheus' format: every metric with its labels.

No engine runs: its logger of metrics is made for a configuration that turns all of them on, with speculative decoding, KV transfer by
NIXL and sleep mode.
"""

import contextlib
import sys
from unittest.mock import MagicMock

import prometheus_client
from vllm.config import KVTransferConfig
from vllm.v1.metrics.loggers import PrometheusStatLogger


def configuration():
    config = MagicMock()
    config.model_config.served_model_name = "model"
    config.model_config.max_model_len = 4096
    config.model_config.is_diffusion = False
    config.speculative_config.num_speculative_tokens = 2
    config.kv_transfer_config = KVTransferConfig(
        kv_connector="NixlConnector", kv_role="kv_both"
    )
    config.ec_transfer_config = None
    config.lora_config = None
    config.watermark_config = None
    config.observability_config.custom_histogram_buckets = None
    config.observability_config.show_hidden_metrics = False
    config.observability_config.enable_mfu_metrics = False
    return config


def main():
    out = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        PrometheusStatLogger(configuration())
    print(prometheus_client.generate_latest().decode(), file=out)


main()
