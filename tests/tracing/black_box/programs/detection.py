"""Detectors' post-processing, augmentations, interpolation by computed sizes, masks."""

import random

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def confident(scores, threshold):
    return scores > threshold


def any_left(mask):
    return bool(mask.any())  # says: branch True


def count_of(mask):
    return mask.sum().item()  # says: constant 2


class Detector(nn.Module):
    def __init__(self, threshold=0.5):
        super().__init__()
        self.threshold = threshold
        self.refine = True

    def suppress(self, boxes, scores):
        keep = []
        for index in range(len(scores)):  # says: loop-count 3
            box = boxes[index]
            if keep and (boxes[keep] - box).abs().sum() < 0.1:  # says: branch False; branch True; constant
                continue
            keep.append(index)
        return boxes[keep]  # says: constant

    def forward(self, boxes, scores):
        mask = confident(scores, self.threshold)
        if not any_left(mask):  # says: branch False
            return boxes[:0]
        if self.refine:
            boxes = self.suppress(boxes, scores)
        return boxes / count_of(mask)


def half(size):
    return int(size * 0.5)  # says: shape 4


def upsampled(x):
    low = functional.interpolate(x, size=(half(x.shape[-2]), 3))
    return low.sum(dim=(1, 2, 3))


class Jitter(nn.Module):
    def __init__(self, amount):
        super().__init__()
        self.amount = amount

    def strength(self):
        return 1.0 + random.uniform(-self.amount, self.amount)  # says: randomness

    def forward(self, image):
        if self.training and random.random() < 2.0:  # says: mode True; randomness True; randomness
            image = image * self.strength()
        return image + torch.randn_like(image) * 0.01  # says: randomness


def statistics(array):
    array -= array.mean()  # says: aliasing
    return float(array.std())


def normalised(x):
    array = x.numpy()  # says: constant
    return x / statistics(array)


def clipped(x):
    array = x.detach().cpu().numpy()  # says: constant
    np.clip(array, 0.0, 0.5, out=array)  # says: aliasing
    return x + 1


def anchors(features):
    sizes = [16, 32]
    made = torch.tensor(sizes, dtype=torch.float32, device=features.device)  # says: device-or-dtype cpu
    return features + made.sum()


CASES = {
    "detector": (Detector, lambda: (torch.arange(12.0).reshape(3, 4), torch.tensor([0.9, 0.1, 0.8]))),
    "upsampled": (lambda: upsampled, lambda: (torch.rand(1, 1, 8, 8),)),
    "jitter": (lambda: Jitter(0.1), lambda: (torch.rand(3),)),
    "normalised": (lambda: normalised, lambda: (torch.rand(4),)),
    "clipped": (lambda: clipped, lambda: (torch.rand(4),)),
    "anchors": (lambda: anchors, lambda: (torch.rand(4),)),
}
