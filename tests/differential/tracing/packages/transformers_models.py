"""Models of transformers of one or two layers, with weights drawn at random, giving tuples and dicts."""

from collections.abc import Iterator
from typing import Any

import torch

from tests.differential.tracing.case import Case
from tests.differential.tracing.packages.torchvision_operators import provide_operators

TOKENS = torch.tensor([[3, 7, 11, 2, 5, 9]])
MASK = torch.tensor([[1, 1, 1, 1, 1, 0]])
IMAGE = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
SOUND = torch.rand(1, 4000, generator=torch.Generator().manual_seed(1))

_WIDE = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 40}
_ENCODER = {**_WIDE, "intermediate_size": 64, "max_position_embeddings": 32}
_DECODER = {**_ENCODER, "num_key_value_heads": 2, "pad_token_id": 0}
_PAIR = {
    "vocab_size": 40,
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 32,
}
_VISION = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "image_size": 32,
    "patch_size": 8,
}

ENCODERS: dict[str, dict[str, Any]] = {
    "Albert": {**_ENCODER, "embedding_size": 16},
    "Bert": _ENCODER,
    "Camembert": _ENCODER,
    "ConvBert": {**_ENCODER, "embedding_size": 32},
    "DebertaV2": {**_ENCODER, "relative_attention": True, "pos_att_type": ["p2c", "c2p"]},
    "DistilBert": {
        "dim": 32,
        "hidden_dim": 64,
        "n_heads": 4,
        "n_layers": 2,
        "vocab_size": 40,
        "max_position_embeddings": 32,
    },
    "Electra": {**_ENCODER, "embedding_size": 16},
    "Funnel": {
        "vocab_size": 40,
        "block_sizes": [1, 1],
        "d_model": 32,
        "n_head": 4,
        "d_head": 8,
        "d_inner": 64,
        "num_decoder_layers": 1,
    },
    "MobileBert": {**_ENCODER, "embedding_size": 32, "intra_bottleneck_size": 32, "true_hidden_size": 32},
    "MPNet": _ENCODER,
    "ModernBert": {**_ENCODER, "pad_token_id": 0},
    "NomicBert": _ENCODER,
    "Roberta": _ENCODER,
    "RoFormer": {**_ENCODER, "embedding_size": 32},
    "SqueezeBert": {**_ENCODER, "embedding_size": 32},
    "XLMRoberta": _ENCODER,
    "XLNet": {"vocab_size": 40, "d_model": 32, "n_layer": 2, "n_head": 4, "d_inner": 64},
}
DECODERS: dict[str, dict[str, Any]] = {
    "Bloom": {"vocab_size": 40, "hidden_size": 32, "n_layer": 2, "n_head": 4},
    "CTRL": {"vocab_size": 40, "n_embd": 32, "dff": 64, "n_layer": 2, "n_head": 4, "n_positions": 32},
    "Cohere": _DECODER,
    "Falcon": {**_WIDE, "alibi": False},
    "GPT2": {"vocab_size": 40, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 32},
    "GPTBigCode": {"vocab_size": 40, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 32},
    "GPTJ": {"vocab_size": 40, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 32, "rotary_dim": 4},
    "GPTNeoX": _ENCODER,
    "Gemma": {**_DECODER, "head_dim": 8},
    "Granite": _DECODER,
    "Llama": _DECODER,
    "Mamba": {"vocab_size": 40, "hidden_size": 32, "num_hidden_layers": 2, "state_size": 4},
    "Mistral": _DECODER,
    "Mixtral": {**_DECODER, "num_local_experts": 2},
    "OPT": {**_ENCODER, "ffn_dim": 64, "word_embed_proj_dim": 32},
    "Olmo": _DECODER,
    "Phi": _DECODER,
    "Qwen2": _DECODER,
    "StableLm": _DECODER,
}
PAIRS: dict[str, dict[str, Any]] = {
    "Bart": _PAIR,
    "M2M100": _PAIR,
    "Marian": {**_PAIR, "pad_token_id": 0, "decoder_start_token_id": 0},
    "Pegasus": _PAIR,
    "T5": {"vocab_size": 40, "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 1, "num_heads": 4},
    "UMT5": {"vocab_size": 40, "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 1, "num_heads": 4},
}
VISION: dict[str, dict[str, Any]] = {
    "Beit": _VISION,
    "ConvNext": {"hidden_sizes": [8, 16], "depths": [1, 1], "num_stages": 2},
    "DPT": {**_VISION, "backbone_out_indices": [0, 0, 1, 1]},
    "Data2VecVision": _VISION,
    "DeiT": _VISION,
    "Dinov2": {**_VISION, "mlp_ratio": 2},
    "Levit": {
        "image_size": 32,
        "hidden_sizes": [32, 48, 64],
        "depths": [1, 1, 1],
        "num_attention_heads": [2, 2, 2],
        "key_dim": [8, 8, 8],
    },
    "MobileViT": {
        "image_size": 32,
        "hidden_sizes": [16, 24, 32],
        "neck_hidden_sizes": [8, 8, 16, 16, 24, 32, 64],
    },
    "PoolFormer": {"hidden_sizes": [8, 16, 32, 64], "depths": [1, 1, 1, 1]},
    "Pvt": {
        "image_size": 32,
        "hidden_sizes": [8, 16, 32, 64],
        "depths": [1, 1, 1, 1],
        "num_attention_heads": [1, 1, 2, 4],
    },
    "ResNet": {"embedding_size": 8, "hidden_sizes": [8, 16], "depths": [1, 1]},
    "Segformer": {
        "hidden_sizes": [8, 16, 32, 64],
        "depths": [1, 1, 1, 1],
        "num_attention_heads": [1, 1, 2, 4],
    },
    "Swin": {
        "image_size": 32,
        "patch_size": 4,
        "embed_dim": 16,
        "depths": [1, 1],
        "num_heads": [2, 2],
        "window_size": 4,
    },
    "Swinv2": {
        "image_size": 32,
        "patch_size": 4,
        "embed_dim": 16,
        "depths": [1, 1],
        "num_heads": [2, 2],
        "window_size": 4,
    },
    "ViT": _VISION,
}
_SOUND = {
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "vocab_size": 20,
    "conv_dim": [16, 16],
    "conv_kernel": [10, 3],
    "conv_stride": [10, 5],
    "num_feat_extract_layers": 2,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
}
SOUNDS = {"Hubert": _SOUND, "Wav2Vec2": _SOUND}


def cases() -> Iterator[Case]:
    """The cases; ImportError where transformers is not installed."""
    # transformers imports torchvision, which wants these operators.
    provide_operators()
    import transformers

    def case(name: str, kind: str, config: dict[str, Any], *inputs: Any, **options: Any) -> Case:
        def make() -> Any:
            settings = getattr(transformers, f"{name}Config")(**config)
            return getattr(transformers, f"{name}{kind}")(settings).eval()

        # What is given by name has nothing by place.
        return Case(f"transformers.{name}{kind}", make, inputs or None, options)

    for name, config in ENCODERS.items():
        yield case(name, "Model", {**config, "return_dict": False}, TOKENS, MASK)
    # Outputs of the others are dicts.
    for name, config in DECODERS.items():
        # Of some the second argument by place is a cache.
        given = {"input_ids": TOKENS, "attention_mask": MASK}
        yield case(name, "Model", {**config, "use_cache": False}, example_kwarg_inputs=given, strict=False)
    for name, config in PAIRS.items():
        given = {"input_ids": TOKENS, "attention_mask": MASK, "decoder_input_ids": TOKENS[:, :4]}
        yield case(name, "Model", {**config, "use_cache": False}, example_kwarg_inputs=given, strict=False)
    for name, config in VISION.items():
        yield case(name, "Model", config, IMAGE, strict=False)
    for name, config in SOUNDS.items():
        yield case(name, "Model", config, SOUND, strict=False)
    yield case("Bert", "ForSequenceClassification", _ENCODER, TOKENS, MASK, strict=False)
    yield case("GPT2", "LMHeadModel", {**DECODERS["GPT2"], "use_cache": False}, TOKENS, strict=False)
    yield case("ViT", "ForImageClassification", _VISION, IMAGE, strict=False)
    yield case("Roberta", "ForTokenClassification", _ENCODER, TOKENS, strict=True)
    yield case("Llama", "ForCausalLM", _DECODER, TOKENS, strict=False)
