"""Models of torchvision, small where their classes can be made small, with weights drawn at random."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch

from tests.differential.tracing.case import Case
from tests.differential.tracing.packages.torchvision_operators import let_models_use_them, provide_operators

IMAGE = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
LARGE = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(1))
CLIP = torch.rand(1, 3, 8, 32, 32, generator=torch.Generator().manual_seed(2))
FRAME = torch.rand(1, 3, 128, 128, generator=torch.Generator().manual_seed(3))

CLASSIFIERS = (
    "alexnet", "convnext_tiny", "densenet121", "efficientnet_b0", "efficientnet_v2_s", "mnasnet0_5",
    "mobilenet_v2", "mobilenet_v3_small", "regnet_y_400mf", "resnet18", "resnext50_32x4d",
    "shufflenet_v2_x0_5", "squeezenet1_1", "swin_t", "swin_v2_t", "vgg11_bn",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """The cases; ImportError where torchvision is not installed."""
    # The operators stand in for those of its library of C++, which has to fit the build of torch.
    provide_operators()
    from torchvision import models

    let_models_use_them()

    def case(name: str, make: Callable[[], Any], *inputs: Any, **options: Any) -> Case:
        return Case(f"torchvision.{name}", lambda: make().eval(), inputs, options)

    for name in CLASSIFIERS:
        yield case(name, partial(getattr(models, name), num_classes=10), LARGE)
    yield case("googlenet", partial(models.googlenet, num_classes=10, init_weights=False), LARGE)
    yield case("inception_v3", partial(models.inception_v3, num_classes=10, init_weights=False), FRAME)
    yield case(
        "vision_transformer",
        partial(models.VisionTransformer, 64, 16, 2, 2, 32, 64, num_classes=10),
        IMAGE,
    )
    yield case(
        "maxvit",
        partial(models.MaxVit, (64, 64), 16, 4, [16, 32], [1, 1], 16, 0.1, num_classes=10),
        IMAGE,
    )
    yield Case(
        "torchvision.resnet18.train",
        lambda: models.resnet18(num_classes=10).train(),
        (torch.cat([IMAGE, IMAGE * 0.5]),),
    )
    segmentation: Any = models.segmentation
    for name in ("deeplabv3_mobilenet_v3_large", "fcn_resnet50", "lraspp_mobilenet_v3_large"):
        make = partial(getattr(segmentation, name), weights=None, weights_backbone=None, num_classes=4)
        yield case(name, make, IMAGE, strict=False)
    yield case("lraspp.strict", make, IMAGE)
    yield case("r3d_18", partial(models.video.r3d_18, num_classes=4), CLIP)
    yield case("mc3_18", partial(models.video.mc3_18, num_classes=4), CLIP)
    yield case("raft_small", models.optical_flow.raft_small, FRAME, FRAME * 0.9)
    detection: Any = models.detection
    for name in (
        "ssdlite320_mobilenet_v3_large",
        "fcos_resnet50_fpn",
        "fasterrcnn_mobilenet_v3_large_320_fpn",
    ):
        make = partial(
            getattr(detection, name), weights=None, weights_backbone=None, num_classes=4, **_sizes(name)
        )
        yield case(name, make, [FRAME[0]], strict=False)


def _sizes(name: str) -> dict[str, int]:
    return {} if name.startswith("ssd") else {"min_size": 96, "max_size": 128}
