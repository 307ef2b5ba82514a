"""Models of timm, on small images, with weights drawn at random."""

from collections.abc import Iterator
from typing import Any

import torch

from tests.differential.tracing.case import Case
from tests.differential.tracing.packages.torchvision_operators import provide_operators

NAMES = (
    "botnet26t_256", "cait_xxs24_224", "coat_lite_tiny", "convit_tiny", "crossvit_tiny_240", "cspresnet50",
    "davit_tiny", "dla34", "edgenext_xx_small", "efficientvit_b0", "fastvit_t8",
    "focalnet_tiny_srf", "gcresnet33ts", "ghostnet_050", "hrnet_w18_small",
    "inception_next_atto",
    "lambda_resnet26t", "levit_128s", "mambaout_femto", "mixer_s32_224", "mobileone_s0", "mobilevit_xxs",
    "nf_regnet_b0", "poolformer_s12", "pvt_v2_b0", "repvgg_a0", "repvit_m0_9", "res2net50_26w_4s",
    "resmlp_12_224",
    "resnet10t", "sequencer2d_s", "swin_tiny_patch4_window7_224", "tiny_vit_5m_224", "tinynet_e",
    "twins_pcpvt_small", "vit_tiny_patch16_224", "volo_d1_224", "xcit_nano_12_p16_224",
)  # fmt: skip
FIXED = {"crossvit_tiny_240": 240, "botnet26t_256": 64}


def cases() -> Iterator[Case]:
    """The cases; ImportError where timm is not installed."""
    # timm imports torchvision, which wants these operators.
    provide_operators()
    import timm

    def make(name: str, size: int, **options: Any) -> Any:
        try:
            return timm.create_model(name, num_classes=10, img_size=size, **options).eval()
        except TypeError:
            # Networks without positions take images of any size.
            return timm.create_model(name, num_classes=10, **options).eval()

    for name in NAMES:
        size = FIXED.get(name, 64)
        yield Case(f"timm.{name}", lambda name=name, size=size: make(name, size), (_image(size),))
    for name in ("resnet10t", "mobilevit_xxs", "pvt_v2_b0"):
        yield Case(
            f"timm.{name}.features",
            lambda name=name: timm.create_model(name, features_only=True).eval(),
            (_image(64),),
            {"strict": False},
        )


def _image(size: int) -> torch.Tensor:
    return torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(size))
